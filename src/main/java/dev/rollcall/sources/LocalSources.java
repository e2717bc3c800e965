package dev.rollcall.sources;

import dev.rollcall.config.sources.HttpTarget;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.sources.limits.UrlPauses;
import dev.rollcall.sources.tokens.ClientToken;
import dev.rollcall.tracing.Tracing;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The event loops of this process that serve each source, and what they share. One for a process;
 * safe for use by all threads.
 */
public final class LocalSources {
  /** One source's addresses by the threads of their event loops. */
  private final Map<String, Map<Thread, String>> addresses = new ConcurrentHashMap<>();

  private final Map<String, UrlPauses> pauses = new ConcurrentHashMap<>();
  private final Map<String, ClientToken> tokens = new ConcurrentHashMap<>();

  private final @Nullable Tracing tracing;

  /**
   * None yet.
   *
   * @param tracing null where nothing is traced
   */
  public LocalSources(@Nullable Tracing tracing) {
    this.tracing = tracing;
  }

  /** What begins spans; null where nothing is traced. */
  public @Nullable Tracing tracing() {
    return tracing;
  }

  /** The paused URLs of a source, for all event loops. */
  public UrlPauses pauses(SourceSettings source) {
    return pauses.computeIfAbsent(
        source.name(), name -> new UrlPauses(source.target().urls().size()));
  }

  /** The token that a source is asked with, for all event loops; null for none. */
  public @Nullable ClientToken token(Vertx vertx, SourceSettings source, HttpTarget target) {
    return target
        .token()
        .map(
            settings ->
                tokens.computeIfAbsent(
                    source.name(), name -> new ClientToken(vertx, settings, target.trust())))
        .orElse(null);
  }

  /** The name of the current event loop. */
  public static String loop() {
    return Thread.currentThread().getName();
  }

  /** The current event loop serves a source from now on. */
  public void serve(String source) {
    of(source).put(Thread.currentThread(), Addresses.source(source, loop()));
  }

  /** The current event loop no longer serves a source. */
  public void leave(String source) {
    of(source).remove(Thread.currentThread());
  }

  /** A source's address on this event loop, else on another; null where none serves it. */
  public @Nullable String nearest(String source) {
    Map<Thread, String> served = of(source);
    String here = served.get(Thread.currentThread());
    return here != null || served.isEmpty() ? here : any(served);
  }

  private static @Nullable String any(Map<Thread, String> served) {
    String[] all = served.values().toArray(String[]::new);
    return all.length == 0 ? null : all[ThreadLocalRandom.current().nextInt(all.length)];
  }

  private Map<Thread, String> of(String source) {
    Map<Thread, String> served = addresses.get(source);
    return served != null
        ? served
        : addresses.computeIfAbsent(source, name -> new ConcurrentHashMap<>());
  }
}
