package dev.rollcall.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.CodebaseClusterVersionAware;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.internal.server.ServerContext;
import com.hazelcast.partition.strategy.DefaultPartitioningStrategy;
import dev.rollcall.cluster.ConnectionLimit.Place;
import dev.rollcall.config.ClusterSettings;
import dev.rollcall.transport.Refusals;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Starts Hazelcast members with our handlers on their connections: {@link TlsLink}, since the
 * open-source edition has no TLS between members, and {@link MemberPackets}. Deserialising loads
 * only {@link MemberClasses}.
 *
 * <p>This uses interfaces within Hazelcast, so a new version of it has to pass MemberTlsTest and
 * MemberIntrudersTest.
 */
final class HazelcastMember {

  private HazelcastMember() {}

  /**
   * Starts a member and waits until it has joined, or found nobody. Blocks for seconds.
   *
   * @param own the certificate by which it proves that it is one; none where none is asked for
   * @throws com.hazelcast.core.HazelcastException when it can't listen
   * @throws IllegalStateException when the certificate is of no use, or when members were found
   *     that do not let it in
   */
  static HazelcastInstance start(ClusterSettings settings, Optional<NodeCertificate> own) {
    Config config = MemberConfig.of(settings, UUID.randomUUID().toString());
    Parts parts = new Parts(own.map(TlsContexts::of));
    try {
      return HazelcastInstanceFactory.newHazelcastInstance(config, null, parts);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          "a member of the cluster was found that does not let this node in;"
              + " their logs say why, such as cluster.tls of another authority, another"
              + " cluster.secret, or another version of Hazelcast",
          e);
    }
  }

  private static final class Parts extends DefaultNodeContext {
    private final Optional<TlsContexts> tls;

    Parts(Optional<TlsContexts> tls) {
      this.tls = tls;
    }

    @Override
    public NodeExtension createNodeExtension(Node node) {
      return new Extension(node, tls);
    }
  }

  private static final class Extension extends DefaultNodeExtension {
    private final Optional<TlsContexts> tls;
    private final Refusals refusals = new Refusals(LoggerFactory.getLogger(HazelcastMember.class));
    private final ConnectionLimit connections = new ConnectionLimit();
    private final ByteBudget unfinished = ByteBudget.forMessagesOf(MemberPackets.LARGEST);

    Extension(Node node, Optional<TlsContexts> tls) {
      super(node);
      this.tls = tls;
    }

    @Override
    public InternalSerializationService createSerializationService() {
      return knowing(super.createSerializationService(), false);
    }

    @Override
    public InternalSerializationService createCompatibilitySerializationService() {
      return knowing(super.createCompatibilitySerializationService(), true);
    }

    /** The service that Hazelcast makes, with only the classes that members send. */
    private InternalSerializationService knowing(
        InternalSerializationService all, boolean compatibility) {
      return new DefaultSerializationServiceBuilder()
          .setClassLoader(new MemberClasses())
          .setConfig(node.getConfig().getSerializationConfig())
          .setManagedContext(all.getManagedContext())
          .setPartitioningStrategy(new DefaultPartitioningStrategy())
          .setHazelcastInstance(node.hazelcastInstance)
          .setSchemaService(node.getSchemaService())
          .setNotActiveExceptionSupplier(HazelcastInstanceNotActiveException::new)
          .setVersionedSerializationEnabled(true)
          .setClusterVersionAware(new CodebaseClusterVersionAware())
          .isCompatibility(compatibility)
          .setProperties(node.getProperties())
          .build();
    }

    @Override
    public Function<EndpointQualifier, ChannelInitializer> createChannelInitializerFn(
        ServerContext context) {
      Function<EndpointQualifier, ChannelInitializer> plain =
          super.createChannelInitializerFn(context);
      return qualifier -> guarded(plain.apply(qualifier));
    }

    /** Ours stand next to the socket; Hazelcast's own handlers see what was decrypted. */
    private ChannelInitializer guarded(ChannelInitializer plain) {
      return channel -> {
        Optional<TlsLink> link =
            tls.map(contexts -> new TlsLink(contexts.engine(channel.isClientMode()), channel));
        link.ifPresent(each -> channel.inboundPipeline().addLast(each.new Reader()));
        channel.inboundPipeline().addLast(new MemberPackets(enter(channel), unfinished, refusals));
        plain.initChannel(channel);
        link.ifPresent(each -> channel.outboundPipeline().addLast(each.new Writer()));
      };
    }

    /** The place of a connection that others made; null for our own. */
    private @Nullable Place enter(Channel channel) {
      if (channel.isClientMode()) {
        return null;
      }
      Place place =
          connections.enter(() -> MemberPackets.end(channel, "it has not said who it is"));
      if (place == null) {
        refusals.log(
            "a connection between members is refused",
            channel.remoteSocketAddress(),
            "there are too many");
        // Not at once, since the connection is being made by this very call.
        ForkJoinPool.commonPool().execute(() -> MemberPackets.end(channel, "there are too many"));
        return null;
      }
      channel.addCloseListener(closed -> place.left());
      return place;
    }
  }
}
