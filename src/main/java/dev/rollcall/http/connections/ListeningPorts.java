package dev.rollcall.http.connections;

/**
 * The ports that this process listens on, as far as it does already: one that the settings leave
 * open is known then. Safe for use by all threads.
 */
public final class ListeningPorts {
  private volatile int users;
  private volatile int operators;

  ListeningPorts() {}

  /** The port of users; 0 before it is listened on. */
  public int users() {
    return users;
  }

  public void usersOn(int port) {
    users = port;
  }

  /** The port of operators, where the console's page comes from; 0 before it is listened on. */
  public int operators() {
    return operators;
  }

  public void operatorsOn(int port) {
    operators = port;
  }
}
