package dev.rollcall.base;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process when it has run out of memory, however it was started: whoever supervises it can
 * start it again, and half a process could not serve.
 *
 * <p>The JVM's own flag for this, {@code -XX:+ExitOnOutOfMemoryError}, can't be set from within,
 * and does not see what libraries throw themselves, as Netty does when its direct memory is at its
 * limit. So whoever catches, logs or reports what others threw shows it here. Until {@link #arm} is
 * called, nothing happens: a program that has Rollcall within it decides for itself. Safe for use
 * by all threads.
 */
public final class OutOfMemory {

  /** What the process ends with, which is the JVM's own exit code for it. */
  public static final int EXIT_CODE = 3;

  /** Causes that lie deeper than this are not looked at. */
  private static final int DEPTH = 20;

  // Made beforehand: when it is needed, there may be no memory for it.
  private static final byte[] LINE =
      "out of memory; the process ends, so that it can be started again\n"
          .getBytes(StandardCharsets.UTF_8);

  private static final FileOutputStream ERR = new FileOutputStream(FileDescriptor.err);

  private static final AtomicBoolean ENDING = new AtomicBoolean();

  private static volatile boolean armed;

  private OutOfMemory() {}

  /** From now on the process ends. Can't be undone. */
  public static void arm() {
    armed = true;
  }

  /** Ends the process if this is, or was caused by, a lack of memory; returns if not. */
  public static void heed(@Nullable Throwable thrown) {
    if (armed && isLack(thrown)) {
      end();
    }
  }

  /** Whether this is, or was caused by, a lack of memory: of heap, of direct memory, of threads. */
  static boolean isLack(@Nullable Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < DEPTH; depth++) {
      if (cause instanceof OutOfMemoryError) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** Ends the process if it was to end before now, and hangs since nobody reads what it says. */
  public static void insist() {
    if (ENDING.get()) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  /** Ends the process at once, without the hooks of an orderly end, which would need memory. */
  public static void end() {
    // Of several threads that lack memory, one says so.
    if (!armed || !ENDING.compareAndSet(false, true)) {
      return;
    }
    try {
      ERR.write(LINE);
    } catch (IOException nobodyReads) {
      // It ends all the same.
    } finally {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }
}
