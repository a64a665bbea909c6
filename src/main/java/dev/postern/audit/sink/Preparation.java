package dev.postern.audit.sink;

/** What a sink did to be able to write. */
public enum Preparation {
    /** Nothing: the next line follows the last one. */
    NONE,
    /** It opened its file, for the first time or after a failure. */
    OPENED,
    /** It began a file, because the last one had its full size. */
    ROTATED,
    /** It began a file, because the last one was moved, deleted or emptied. */
    REPLACED,
    /** It could not rotate its file, which grows. */
    NOT_ROTATED
}
