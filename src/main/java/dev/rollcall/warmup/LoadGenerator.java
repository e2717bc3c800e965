package dev.rollcall.warmup;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Clients that each make one request after the other, as fast as they are answered. Safe for use by
 * all threads.
 */
public final class LoadGenerator implements AutoCloseable {

  private static final long LONGEST_END_MILLIS = 2_000;

  /** After so many a client makes a new connection, so that connections come and go. */
  private static final int REQUESTS_OF_CONNECTION = 500;

  /** Makes connections to what is asked. */
  @FunctionalInterface
  public interface Connector {
    Socket connect() throws IOException;
  }

  private final Connector connector;
  private final LoadScript script;
  private final List<LoadConnection> connections = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final LongAdder answers = new LongAdder();
  private final AtomicReference<@Nullable String> fault = new AtomicReference<>();
  private volatile boolean closed;
  private volatile long pauseMillis;

  /** Clients that ask nothing yet. */
  public LoadGenerator(Connector connector, LoadScript script) {
    this.connector = connector;
    this.script = script;
  }

  /**
   * Brings the users that are asked for, which blocks, and has so many clients begin.
   *
   * @throws IOException where that fails
   */
  public void start(int clients) throws IOException {
    LoadConnection first = connect();
    exchange(first, script.users());
    String known = fault.get();
    if (known != null) {
      throw new IOException(known);
    }
    for (int client = 0; client < clients; client++) {
      int number = client;
      LoadConnection connection = client == 0 ? first : connect();
      Thread thread = new Thread(() -> ask(connection, number), "warm-up-client-" + number);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private LoadConnection connect() throws IOException {
    LoadConnection connection = new LoadConnection(connector.connect());
    synchronized (connections) {
      connections.add(connection);
      if (closed) {
        connection.close();
      }
    }
    return connection;
  }

  private void ask(LoadConnection first, int client) {
    try {
      LoadConnection connection = first;
      for (int turn = 1; !closed; turn++) {
        exchange(connection, script.next(client, turn - 1));
        answers.increment();
        pause();
        if (turn % REQUESTS_OF_CONNECTION == 0) {
          leave(connection);
          connection = connect();
        }
      }
    } catch (IOException e) {
      if (!closed) {
        blame("a connection broke: " + e.getMessage());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pause() throws InterruptedException {
    long millis = pauseMillis;
    if (millis > 0) {
      Thread.sleep(millis);
    }
  }

  /** From now on each client waits so many milliseconds before its next request; 0 for not. */
  public void pauseBetween(long millis) {
    pauseMillis = millis;
  }

  private void leave(LoadConnection connection) throws IOException {
    connection.close();
    synchronized (connections) {
      connections.remove(connection);
    }
  }

  private void exchange(LoadConnection connection, LoadRequest request) throws IOException {
    int status = connection.exchange(request.bytes());
    if (status != request.status()) {
      blame(request.line() + " was answered with " + status + ", not " + request.status());
    }
  }

  private void blame(String what) {
    fault.compareAndSet(null, what);
  }

  /** How many requests were answered so far. */
  public long answers() {
    return answers.sum();
  }

  /** What went wrong first; nothing while all is as expected. */
  public Optional<String> fault() {
    return Optional.ofNullable(fault.get());
  }

  /** Ends all connections, whatever is under way, and waits a moment for the clients. */
  @Override
  public void close() {
    closed = true;
    synchronized (connections) {
      for (LoadConnection each : connections) {
        try {
          each.close();
        } catch (IOException e) {
          // It is closed as far as it can be.
        }
      }
    }
    long end = System.nanoTime() + LONGEST_END_MILLIS * 1_000_000;
    try {
      for (Thread thread : threads) {
        thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      }
    } catch (InterruptedException e) {
      // They end by themselves.
      Thread.currentThread().interrupt();
    }
  }
}
