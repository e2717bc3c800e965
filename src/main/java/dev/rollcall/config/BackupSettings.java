package dev.rollcall.config;

import java.nio.file.Path;

/**
 * Copies of the store.
 *
 * @param folder where copies are written; made when first needed; default data/backups
 */
public record BackupSettings(Path folder) {
  private static final Rule<Path> FOLDER = Rule.path("the path of a folder");

  public BackupSettings {
    FOLDER.check("backup.folder", folder);
  }

  static BackupSettings from(Section section) {
    return new BackupSettings(section.get("folder", Path.of("data/backups"), FOLDER));
  }
}
