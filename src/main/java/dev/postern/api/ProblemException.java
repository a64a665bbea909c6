package dev.postern.api;

/** Ends the handling of a request with a problem. */
final class ProblemException extends RuntimeException {
    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.type().code(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
