package dev.rollcall.base;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process when it has run out of memory: after that it could not serve, and a supervisor
 * can start it again.
 *
 * <p>The JVM's own flag for this, {@code -XX:+ExitOnOutOfMemoryError}, can't be set from within,
 * and misses what libraries throw themselves, as Netty does at the limit of direct memory. So code
 * that catches, logs or reports what others threw calls {@link #heed}. Until {@link #arm} is
 * called, nothing happens: a program that embeds Rollcall decides for itself. Safe for use by all
 * threads.
 */
public final class OutOfMemory {

  /** The exit code, which is the JVM's own for this. */
  public static final int EXIT_CODE = 3;

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

  /** Ends the process if it is ending and hangs, since nobody reads its standard error. */
  public static void insist() {
    if (ENDING.get()) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  /** Ends the process at once, without the hooks of an orderly end, which would need memory. */
  public static void end() {
    // Of several threads that run out of memory, one says so.
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
