package dev.rollcall.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.server.ServerContext;
import dev.rollcall.config.ClusterSettings;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Starts Hazelcast members.
 *
 * <p>The open-source edition brings no TLS between members: its {@code SSLConfig} and its socket
 * interceptors are refused without a licence. What it has is the place where they would stand, the
 * handlers of a connection, which are given ours here: {@link TlsLink}. That is an interface within
 * Hazelcast, so a new version of it is to be tried; MemberTlsTest does.
 */
final class Members {

  private Members() {}

  /**
   * Starts a member and waits until it has joined, or found nobody. Blocks for seconds.
   *
   * @throws com.hazelcast.core.HazelcastException when it can't listen
   * @throws IllegalStateException when a file of {@code cluster.tls} is of no use, or when members
   *     were found that do not let it in
   */
  static HazelcastInstance start(ClusterSettings settings) {
    Config config = MemberConfig.of(settings, UUID.randomUUID().toString());
    Optional<TlsContexts> tls = settings.tls().map(TlsContexts::load);
    try {
      return tls.isEmpty()
          ? Hazelcast.newHazelcastInstance(config)
          : HazelcastInstanceFactory.newHazelcastInstance(config, null, new Secured(tls.get()));
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          "a member of the cluster was found that does not let this node in;"
              + " their logs say why, such as cluster.tls of another authority",
          e);
    }
  }

  /** What a member is made of, with TLS. */
  private static final class Secured extends DefaultNodeContext {
    private final TlsContexts tls;

    Secured(TlsContexts tls) {
      this.tls = tls;
    }

    @Override
    public NodeExtension createNodeExtension(Node node) {
      return new SecuredExtension(node, tls);
    }
  }

  private static final class SecuredExtension extends DefaultNodeExtension {
    private final TlsContexts tls;

    SecuredExtension(Node node, TlsContexts tls) {
      super(node);
      this.tls = tls;
    }

    @Override
    public Function<EndpointQualifier, ChannelInitializer> createChannelInitializerFn(
        ServerContext context) {
      Function<EndpointQualifier, ChannelInitializer> plain =
          super.createChannelInitializerFn(context);
      return qualifier -> secured(plain.apply(qualifier));
    }

    /** Next to the socket on both ways; Hazelcast's own handlers see what was decrypted. */
    private ChannelInitializer secured(ChannelInitializer plain) {
      return channel -> {
        TlsLink link = new TlsLink(tls.engine(channel.isClientMode()), channel);
        channel.inboundPipeline().addLast(new TlsReader(link));
        plain.initChannel(channel);
        channel.outboundPipeline().addLast(new TlsWriter(link));
      };
    }
  }
}
