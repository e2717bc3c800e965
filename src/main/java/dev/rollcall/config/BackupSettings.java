package dev.rollcall.config;

import java.nio.file.Path;

/**
 * Copies of the store.
 *
 * @param folder where copies are written; made when first needed; default data/backups
 * @param keep how many of them stay, the newest ones; 1 to 10,000, default 7
 */
public record BackupSettings(Path folder, int keep) {
  private static final Rule<Path> FOLDER = Rule.path("the path of a folder");
  private static final Rule<Integer> KEEP = Rule.integer(1, 10_000);

  public BackupSettings {
    FOLDER.check("backup.folder", folder);
    KEEP.check("backup.keep", keep);
  }

  static BackupSettings from(Section section) {
    return new BackupSettings(
        section.get("folder", Path.of("data/backups"), FOLDER), section.get("keep", 7, KEEP));
  }
}
