package io.sluice.transport.door;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelOutboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.ScheduledFuture;
import io.sluice.transport.grpc.DirectMemory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lets gRPC connections in as far as a [Crowd] allows, and keeps an eye on them. Below whatever the
/// server adds: it sees bytes.
@SuppressWarnings("FutureReturnValueIgnored") // they are the channel's own
final class GrpcGate implements Consumer<Channel> {
  private final Crowd crowd;
  private final Consumer<Channel> server;

  GrpcGate(Crowd crowd, Consumer<Channel> server) {
    this.crowd = crowd;
    this.server = server;
  }

  @Override
  public void accept(Channel connection) {
    if (!crowd.enter()) {
      connection.unsafe().closeForcibly();
      return;
    }
    connection.closeFuture().addListener(_ -> crowd.leave());
    connection.pipeline().addLast(new Endings(), new FirstBytes());
    server.accept(connection);
  }

  /// Ends who says nothing. Once something was said there is TLS in place, if there will be, and
  /// frames are made whole behind it.
  private final class FirstBytes extends ChannelInboundHandlerAdapter {
    private @Nullable ScheduledFuture<?> overdue;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      long timeMs = crowd.firstBytesMax().toMillis();
      overdue = context.executor().schedule(() -> silent(context), timeMs, TimeUnit.MILLISECONDS);
      context.fireChannelActive();
    }

    private void silent(ChannelHandlerContext context) {
      crowd.ended(Crowd.End.SILENT);
      context.channel().unsafe().close(context.channel().voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      var tls = context.pipeline().context(SslHandler.class);
      context
          .pipeline()
          .addAfter(
              (tls == null ? context : tls).name(), null, new WholeFrames(DirectMemory::plenty));
      context.pipeline().remove(this);
      context.fireChannelRead(bytes);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      if (overdue != null) {
        overdue.cancel(false);
      }
    }
  }

  /// Counts connections that the server ends before their peers do.
  private final class Endings extends ChannelOutboundHandlerAdapter {
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
      if (context.channel().isActive()) {
        crowd.ended(Crowd.End.ENDED);
      }
      context.close(promise);
    }
  }
}
