package dev.rollcall.cluster;

import com.hazelcast.internal.serialization.DataSerializerHook;
import com.hazelcast.internal.serialization.impl.portable.PortableHook;
import com.hazelcast.nio.serialization.SerializerHook;
import dev.rollcall.transport.Refusals;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastNodeInfo;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.util.Set;
import org.slf4j.LoggerFactory;

/**
 * Loads only the classes of which members send objects.
 *
 * <p>By itself Hazelcast makes an object of any class on the class path whose name comes over the
 * network, by Java's serialisation or by its own. Most of what members send has numbers instead of
 * names; by name come what the event bus keeps in the cluster, events of its maps, and errors.
 */
final class MemberClasses extends ClassLoader {

  private static final Set<String> NAMES =
      Set.of(
          HazelcastNodeInfo.class.getName(),
          HazelcastRegistrationInfo.class.getName(),
          "com.hazelcast.map.impl.event.EntryEventData",
          "com.hazelcast.map.impl.event.MapEventData",
          "com.hazelcast.map.impl.event.MapPartitionEventData",
          // Parts of errors.
          "java.lang.StackTraceElement",
          "java.lang.String",
          "java.util.ArrayList",
          "java.util.Collections$EmptyList",
          "java.util.Collections$UnmodifiableCollection",
          "java.util.Collections$UnmodifiableList",
          "java.util.Collections$UnmodifiableRandomAccessList",
          "java.util.UUID");

  private static final Set<String> ERRORS =
      Set.of(
          "java.io",
          "java.lang",
          "java.net",
          "java.nio.channels",
          "java.util",
          "java.util.concurrent",
          "javax.security.auth.login");

  private static final String HAZELCAST = "com.hazelcast.";
  private static final String COPIED = "com.hazelcast.shaded.";

  private static final Refusals REFUSALS =
      new Refusals(LoggerFactory.getLogger(MemberClasses.class));

  static {
    registerAsParallelCapable();
  }

  MemberClasses() {
    super(MemberClasses.class.getClassLoader());
  }

  /**
   * @throws SecurityException for a class that members do not send; not a {@link
   *     ClassNotFoundException}, after which Hazelcast would look elsewhere
   */
  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(HAZELCAST) && !NAMES.contains(name) && !ERRORS.contains(folder(name))) {
      throw refused(name);
    }
    // Loading does not initialise it: no code of the class has run.
    Class<?> type = super.loadClass(name, resolve);
    if (!NAMES.contains(name) && !isError(type) && !isHook(type)) {
      throw refused(name);
    }
    return type;
  }

  private static boolean isError(Class<?> type) {
    return Throwable.class.isAssignableFrom(type) && !type.getName().startsWith(COPIED);
  }

  /** Maps numbers to classes; loaded when a member starts. */
  private static boolean isHook(Class<?> type) {
    return DataSerializerHook.class.isAssignableFrom(type)
        || SerializerHook.class.isAssignableFrom(type)
        || PortableHook.class.isAssignableFrom(type);
  }

  private static String folder(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  private static SecurityException refused(String name) {
    REFUSALS.log("an object in a message between members is refused", "a member", name);
    return new SecurityException("members do not send objects of " + name);
  }
}
