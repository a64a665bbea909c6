package dev.postern.audit.command;

import picocli.CommandLine.Command;

@Command(
        name = "audit",
        description = {"Verify or sum up audit files.", "A file named - is standard input, if it is the only one."})
public final class AuditCommand {}
