import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A part of a processor that a process may use and no more, as Kubernetes' {@code limits.cpu} gives
 * it: a control group (version 1 or 2) of its own, which goes when this is closed.
 */
final class CpuQuota implements AutoCloseable {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final String NAME = "rollcall-bench-";

  /** As in Kubernetes. A process that has used its part of one waits for the next. */
  private static final int PERIOD_MICROS = 100_000;

  private final Path group;

  private CpuQuota(Path group) {
    this.group = group;
  }

  /** Why there can be none on this machine; empty where there can. */
  static Optional<String> lacking() {
    try {
      removeOld();
      make(0, 0.5).close();
      return Optional.empty();
    } catch (IOException | UncheckedIOException e) {
      return Optional.of("control groups can't be made here: " + e.getMessage());
    }
  }

  /** Bounds a process and all its threads. */
  static CpuQuota give(long pid, double processors) throws IOException {
    CpuQuota quota = make(pid, processors);
    try {
      Files.writeString(quota.group.resolve("cgroup.procs"), Long.toString(pid));
      return quota;
    } catch (IOException e) {
      quota.close();
      throw e;
    }
  }

  private static boolean isVersion2() {
    return Files.exists(ROOT.resolve("cgroup.controllers"));
  }

  private static Path parent() {
    return isVersion2() ? ROOT : ROOT.resolve("cpu");
  }

  private static CpuQuota make(long pid, double processors) throws IOException {
    if (isVersion2() && !Files.readString(ROOT.resolve("cgroup.subtree_control")).contains("cpu")) {
      Files.writeString(ROOT.resolve("cgroup.subtree_control"), "+cpu");
    }
    String name = NAME + ProcessHandle.current().pid() + "-" + pid;
    CpuQuota quota = new CpuQuota(Files.createDirectory(parent().resolve(name)));
    try {
      quota.limit(Math.round(processors * PERIOD_MICROS));
      return quota;
    } catch (IOException e) {
      quota.close();
      throw e;
    }
  }

  private void limit(long micros) throws IOException {
    if (isVersion2()) {
      Files.writeString(group.resolve("cpu.max"), micros + " " + PERIOD_MICROS);
    } else {
      Files.writeString(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
      Files.writeString(group.resolve("cpu.cfs_quota_us"), Long.toString(micros));
    }
  }

  /** Those that a run left behind which was killed; one that is in use stays. */
  private static void removeOld() throws IOException {
    try (DirectoryStream<Path> old = Files.newDirectoryStream(parent(), NAME + "*")) {
      for (Path group : old) {
        String owner = group.getFileName().toString().substring(NAME.length()).split("-")[0];
        if (ProcessHandle.of(Long.parseLong(owner)).isEmpty()) {
          new CpuQuota(group).close();
        }
      }
    }
  }

  /** Lets the process have all that there is again, and removes the group. */
  @Override
  public void close() {
    try {
      for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
        Files.writeString(parent().resolve("cgroup.procs"), pid);
      }
      Files.delete(group);
    } catch (IOException e) {
      System.err.println("bench: the control group " + group + " is left: " + e.getMessage());
    }
  }
}
