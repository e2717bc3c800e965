package dev.rollcall.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.spi.FilterReply;
import dev.rollcall.access.AuditLog;
import dev.rollcall.base.OutOfMemory;
import dev.rollcall.config.LogSettings;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The process' log: every event is one line on standard output, written by a thread of its own, so
 * that no caller ever waits for a pipe. What does not fit into the queue is discarded and counted.
 */
public final class Logging {

  /** The logger of requests, which {@code log.access} turns off. */
  public static final String ACCESS = "rollcall.access";

  /** The loggers that log.level sets; of libraries nothing below INFO is written. */
  private static final String[] OURS = {"dev.rollcall", "rollcall"};

  private Logging() {}

  /** Replaces what was configured before. */
  public static void start(LogSettings settings) {
    LoggerContext context = context();
    context.reset();
    // A context that was stopped would otherwise ignore the next stop and flush nothing.
    context.start();
    install(context, settings, true);
    passOnJul();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> {
          OutOfMemory.heed(e);
          logger().error("nobody caught what thread {} threw", thread.getName(), e);
        });
  }

  /** Passes what libraries log through the JDK to this log, instead of stderr. */
  private static void passOnJul() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    LogManager.getLogManager().getLogger("").setLevel(java.util.logging.Level.INFO);
  }

  /** Writes what waits, for two seconds at most, and ends the log. */
  public static void stop() {
    context().stop();
  }

  /** How many events were discarded since the process began, because the queue was full. */
  public static long discarded() {
    return LogQueue.discarded();
  }

  /** How many lines about connections were left out since the process began. */
  public static long leftOut() {
    return ConnectionEvents.leftOut();
  }

  private static void install(LoggerContext context, LogSettings settings, boolean queued) {
    Level level = Level.toLevel(settings.level().name());
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(level.isGreaterOrEqual(Level.INFO) ? level : Level.INFO);
    for (String ours : OURS) {
      context.getLogger(ours).setLevel(level);
    }
    // It reports a first start; the store says what fails.
    context.getLogger("org.flywaydb").setLevel(Level.WARN);
    // It logs each step of a start, and all members; we log who joins and leaves.
    context.getLogger("com.hazelcast").setLevel(Level.WARN);
    // It logs a stack trace for each attempt to reach a lost node.
    context.getLogger("com.hazelcast.internal.server.tcp").setLevel(Level.ERROR);
    // It logs each frame that comes for a stream that was reset, as a client may not know yet.
    context.getLogger("io.netty.handler.codec.http2").setLevel(Level.WARN);
    context.getLogger(ACCESS).setLevel(settings.access() ? Level.INFO : Level.OFF);
    context.getLogger(AuditLog.LOGGER).setLevel(Level.INFO); // Whatever the level of others.
    Appender<ILoggingEvent> console = console(context, encoder(context, settings.format()));
    Appender<ILoggingEvent> appender =
        queued
            ? LogQueue.before(console, context, new ConnectionEvents(System::nanoTime))
            : console;
    appender.addFilter(new LackOfMemory());
    appender.addFilter(new MutedThreads.Silence());
    root.addAppender(appender);
  }

  /** Notices a lack of memory in whatever is logged, by libraries too, on the thread that logs. */
  private static final class LackOfMemory extends Filter<ILoggingEvent> {
    @Override
    public FilterReply decide(ILoggingEvent event) {
      if (event.getThrowableProxy() instanceof ThrowableProxy proxy) {
        OutOfMemory.heed(proxy.getThrowable());
      }
      return FilterReply.NEUTRAL;
    }
  }

  private static ConsoleAppender<ILoggingEvent> console(
      LoggerContext context, Encoder<ILoggingEvent> encoder) {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setName("stdout");
    console.setEncoder(encoder);
    console.start();
    return console;
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogSettings.Format format) {
    Encoder<ILoggingEvent> encoder =
        switch (format) {
          case TEXT -> text(context);
          case JSON -> json();
        };
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    TextLayout layout = new TextLayout();
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setLayout(layout);
    encoder.setCharset(StandardCharsets.UTF_8);
    return encoder;
  }

  private static Encoder<ILoggingEvent> json() {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setWithContext(false);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    // Only the formatted message, not its pattern and arguments as well.
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    return encoder;
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  private static Logger logger() {
    return LoggerFactory.getLogger(Logging.class);
  }

  /**
   * Found by logback when the first logger is made: until the log is configured, only warnings are
   * shown, where logback's default prints everything from DEBUG up.
   */
  public static final class Initial extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
      LogSettings quiet = new LogSettings(LogSettings.Format.TEXT, LogSettings.Level.WARN, false);
      install(context, quiet, false);
      return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
  }
}
