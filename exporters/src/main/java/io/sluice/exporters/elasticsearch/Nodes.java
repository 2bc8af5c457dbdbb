package io.sluice.exporters.elasticsearch;

import io.sluice.component.Loop;
import io.sluice.data.Origin;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.http.HttpResponse;
import io.sluice.wire.Rope;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/// The places a request can go to, in turn. One that fails is left out for a while, longer each time; the
/// next gets the request at once, unless all time was spent waiting for an answer. Confined to one loop.
final class Nodes {
  private static final Duration DOWN_MIN = Duration.ofSeconds(1);
  private static final int DOUBLINGS_MAX = 6;

  private final List<Node> nodes;
  private final Loop loop;
  private int turn;

  /// Sends one body to one place.
  @FunctionalInterface
  interface Post {
    Future<HttpResponse> send(Map<String, String> headers, Rope body, Origin origin);
  }

  private static final class Node {
    final Post post;
    int failures;
    long upAgain;

    Node(Post post) {
      this.post = post;
    }
  }

  Nodes(List<Post> posts, Loop loop) {
    this.loop = loop;
    nodes = posts.stream().map(Node::new).toList();
  }

  /// The answer of the first that gives one; that of the last if none does.
  Future<HttpResponse> send(Map<String, String> headers, Rope body, Origin origin) {
    return send(headers, body, origin, new HashSet<>());
  }

  private Future<HttpResponse> send(
      Map<String, String> headers, Rope body, Origin origin, Set<Node> tried) {
    var node = pick(tried);
    tried.add(node);
    return posted(node, headers, body, origin)
        .transform((response, failure) -> {
          if (failure instanceof AuthException) {
            return Future.failedFuture(failure); // no place was asked
          }
          boolean gone = failure != null || (response.status() >= 502 && response.status() <= 504);
          mark(node, gone);
          boolean spent = failure instanceof TimeoutException;
          if (gone && !spent && tried.size() < nodes.size()) {
            return send(headers, body, origin, tried);
          }
          return failure == null ? Future.succeededFuture(response) : Future.failedFuture(failure);
        });
  }

  /// A client that was closed throws.
  private static Future<HttpResponse> posted(
      Node node, Map<String, String> headers, Rope body, Origin origin) {
    try {
      return node.post.send(headers, body, origin);
    } catch (IllegalStateException e) {
      return Future.failedFuture(e);
    }
  }

  private void mark(Node node, boolean gone) {
    if (gone) {
      long wait = DOWN_MIN.toNanos() << Math.min(node.failures, DOUBLINGS_MAX);
      node.failures++;
      node.upAgain = loop.nanoTime() + wait;
    } else {
      node.failures = 0;
    }
  }

  private Node pick(Set<Node> tried) {
    var left = new ArrayList<Node>(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      var node = nodes.get((turn + i) % nodes.size());
      if (!tried.contains(node)) {
        left.add(node);
      }
    }
    long now = loop.nanoTime();
    var chosen =
        left.stream()
            .filter(node -> node.failures == 0 || node.upAgain - now <= 0)
            .findFirst()
            .orElseGet(() -> soonest(left, now));
    turn = (nodes.indexOf(chosen) + 1) % nodes.size();
    return chosen;
  }

  private static Node soonest(List<Node> left, long now) {
    var soonest = left.getFirst();
    for (var node : left) {
      if (node.upAgain - now < soonest.upAgain - now) {
        soonest = node;
      }
    }
    return soonest;
  }
}
