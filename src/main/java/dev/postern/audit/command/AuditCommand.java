package dev.postern.audit.command;

import picocli.CommandLine.Command;

@Command(
        name = "audit",
        description = {"Verify or summarize audit files.", "As the only file, - is standard input."})
public final class AuditCommand {}
