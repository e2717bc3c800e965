package dev.rollcall.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of loopback that nobody listens on, for what has to know its port before it listens. They
 * are below those that Linux gives to connections and to whoever asks for any port, or a test that
 * runs beside this one might be given them meanwhile.
 */
public final class FreePorts {

  private static final int LEAST = 20_000;
  private static final int BEYOND = 32_000;

  private FreePorts() {}

  /**
   * Finds ports, all of them different.
   *
   * @throws IOException where hardly one is free
   */
  public static List<Integer> find(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int tries = 0; held.size() < count; tries++) {
        try {
          int port = ThreadLocalRandom.current().nextInt(LEAST, BEYOND);
          held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        } catch (IOException taken) {
          if (tries == 1000) {
            throw taken;
          }
        }
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  public static int findOne() throws IOException {
    return find(1).get(0);
  }
}
