package dev.rollcall;

import picocli.CommandLine.Option;

/** {@code --help}, as all commands have it. Picocli answers it itself, before the command runs. */
final class HelpOption {

  @SuppressWarnings("unused")
  @Option(names = "--help", usageHelp = true, description = "Print this and leave.")
  private boolean help;
}
