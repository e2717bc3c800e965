package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.nio.file.Path;

/** Copies of the store. */
public record BackupSettings(Path folder, int keep) {
  private static final Key<Path> FOLDER =
      Key.of("backup.folder", Path.of("data/backups"), Rule.path("the path of a folder"));
  private static final Key<Integer> KEEP = Key.integer("backup.keep", 7, 1, 10_000);

  public BackupSettings {
    FOLDER.check(folder);
    KEEP.check(keep);
  }

  static BackupSettings from(Section section) {
    return new BackupSettings(FOLDER.read(section), KEEP.read(section));
  }
}
