package dev.rollcall.ops;

import java.util.Arrays;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** Passes what libraries log through the JDK to our log, instead of stderr. */
final class JulHandler extends Handler {
  private final Formatter formatter = new SimpleFormatter();

  private JulHandler() {}

  static void install() {
    java.util.logging.Logger root = LogManager.getLogManager().getLogger("");
    Arrays.stream(root.getHandlers()).forEach(root::removeHandler);
    root.addHandler(new JulHandler());
    root.setLevel(Level.INFO);
  }

  @Override
  public void publish(LogRecord event) {
    String name = event.getLoggerName() == null ? "jdk" : event.getLoggerName();
    LoggerFactory.getLogger(name)
        .atLevel(level(event.getLevel()))
        .setCause(event.getThrown())
        .log(formatter.formatMessage(event));
  }

  private static org.slf4j.event.Level level(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return org.slf4j.event.Level.ERROR;
    }
    if (value >= Level.WARNING.intValue()) {
      return org.slf4j.event.Level.WARN;
    }
    return value >= Level.INFO.intValue()
        ? org.slf4j.event.Level.INFO
        : org.slf4j.event.Level.DEBUG;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
