package dev.postern.api.listener;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.transport.Transport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Passes the connections of every port of this process through {@link Connections}, including the framework's
 * management port. No other hook reaches all ports before they listen.
 */
public final class LimitedTransport implements VertxServiceProvider {
    @Override
    public void init(VertxBuilder builder) {
        HttpConfig config =
                ConfigProvider.getConfig().unwrap(SmallRyeConfig.class).getConfigMapping(HttpConfig.class);
        Connections connections = new Connections(ConnectionLimits.of(config));
        builder.findTransport(limited(builder.findTransport(), connections));
    }

    private static Transport limited(Transport transport, Connections connections) {
        return (Transport) Proxy.newProxyInstance(
                Transport.class.getClassLoader(), new Class<?>[] {Transport.class}, (proxy, method, arguments) -> {
                    Object result = invoke(transport, method, arguments);
                    return method.getName().equals("serverChannelFactory")
                            ? limited((ChannelFactory<?>) result, connections)
                            : result;
                });
    }

    private static ChannelFactory<ServerChannel> limited(ChannelFactory<?> factory, Connections connections) {
        return () -> {
            ServerChannel channel = (ServerChannel) factory.newChannel();
            channel.pipeline().addLast(connections);
            return channel;
        };
    }

    private static Object invoke(Transport transport, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(transport, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
