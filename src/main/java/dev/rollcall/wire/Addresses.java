package dev.rollcall.wire;

/** The addresses of the event bus, but for those of operations, and the headers of its messages. */
public final class Addresses {
  /** Published for each change of a user: {@code {"seq","kind","id","version"}}, a hint. */
  public static final String USERS_CHANGED = "rollcall.users.changed";

  /** Between nodes, never bridged: reads of a node without a store. */
  public static final String USERS_READ = "rollcall.users.read";

  /** Between nodes, never bridged: the name of a read that is cancelled, a hint. */
  public static final String USERS_READ_CANCEL = "rollcall.users.read.cancel";

  /** Between nodes, never bridged: writes of a node without a store. */
  public static final String USERS_WRITE = "rollcall.users.write";

  /** Between nodes, never bridged: the keys that a node without a store asks for. */
  public static final String KEYS_READ = "rollcall.keys.read";

  /** Between nodes, never bridged: keys that are made and deleted by a node without a store. */
  public static final String KEYS_WRITE = "rollcall.keys.write";

  /** Between nodes, never bridged: what is new about sessions, for a node without a store. */
  public static final String SESSIONS_READ = "rollcall.sessions.read";

  /** Between nodes, never bridged: sessions that a node without a store begins and ends. */
  public static final String SESSIONS_WRITE = "rollcall.sessions.write";

  /** Between nodes, never bridged: the followers that a node without a store asks for. */
  public static final String FOLLOWERS_READ = "rollcall.followers.read";

  /** Between nodes, never bridged: followers that a node without a store makes and moves. */
  public static final String FOLLOWERS_WRITE = "rollcall.followers.write";

  /** Between nodes, never bridged: the webhooks that a node without a store asks for. */
  public static final String WEBHOOKS_READ = "rollcall.webhooks.read";

  /** Between nodes, never bridged: webhooks that a node without a store declares and changes. */
  public static final String WEBHOOKS_WRITE = "rollcall.webhooks.write";

  /** Between nodes, never bridged: the public keys of receipts, for a node without a store. */
  public static final String RECEIPTS_READ = "rollcall.receipts.read";

  /** Between nodes, never bridged: the erasures that a node without a store asks for. */
  public static final String ERASURES_READ = "rollcall.erasures.read";

  /** Between nodes, never bridged: erasures that a node without a store begins. */
  public static final String ERASURES_WRITE = "rollcall.erasures.write";

  /** Between nodes, never bridged: published regularly by each node with a store. */
  public static final String USERS_OWNER = "rollcall.users.owner";

  /** Between nodes, never bridged; with the name of a node: whether that one is ready. */
  public static final String NODE_READY = "rollcall.node.ready.";

  /** Between nodes, never bridged; with the name of a node: a user whom that one is to forget. */
  public static final String NODE_FORGET = "rollcall.node.forget.";

  /** The member of what an owner publishes by which it says that it serves keys as well. */
  public static final String OWNER_OF_KEYS = "keys";

  /** The same for sessions. */
  public static final String OWNER_OF_SESSIONS = "sessions";

  /** The same for followers. */
  public static final String OWNER_OF_FOLLOWERS = "followers";

  /** The same for webhooks. */
  public static final String OWNER_OF_WEBHOOKS = "webhooks";

  /** The same for the keys of receipts. */
  public static final String OWNER_OF_RECEIPTS = "receipts";

  /** The same for erasures. */
  public static final String OWNER_OF_ERASURES = "erasures";

  /** The tag of the user in a reply, as HTTP's {@code ETag}. */
  public static final String ETAG = "etag";

  /** Published when an exchange is no longer wanted: {@code {"exchange":"…"}}, a hint. */
  public static final String CANCEL = "rollcall.cancel";

  /** The milliseconds left to answer in. */
  public static final String DEADLINE_MS = "deadline-ms";

  /** The name of a request for {@link #CANCEL}. */
  public static final String EXCHANGE = "exchange";

  /** {@link #BYTES} asks for JSON text in a buffer, so that numbers keep their form. */
  public static final String ANSWER = "answer";

  public static final String BYTES = "bytes";

  /** The IP address of a client of the bridge, set by the bridge. */
  public static final String CLIENT = "client";

  /** Who a client of the bridge is, set by the bridge; absent where nobody was asked. */
  public static final String CALLER = "rollcall-caller";

  /** What that client may do, separated by spaces. */
  public static final String CALLER_SCOPES = "rollcall-scopes";

  /** The credential of a client of the bridge, which goes no further. */
  public static final String AUTHORIZATION = "authorization";

  /** The number of the attempt at one answer, from 1. */
  public static final String ATTEMPT = "attempt";

  /** Begins the names of a caller's headers that go along to a source. Never bridged. */
  public static final String FORWARDED = "rollcall-forwarded-";

  public static final String REQUEST_ID = "x-request-id";

  private Addresses() {}

  /** An address between nodes, at one node. */
  public static String at(String node, String address) {
    return address + "@" + node;
  }

  /** The address that all owners of a source share. */
  public static String source(String name) {
    return "rollcall.source." + name;
  }

  /** A source's address on one event loop of this process, for records instead of JSON. */
  public static String source(String name, String loop) {
    return source(name) + "#" + loop;
  }
}
