package io.sluice.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The books of all nodes of one gateway, by name. A node that stops keeps its book: what it counted
/// stays counted, and what it still held when it stopped shows. Safe on any thread.
public final class Books {
  private final Map<String, Book> books = new ConcurrentHashMap<>();

  /// The book of this node, a new one or the one it had before a reload.
  public Book open(String node) {
    return books.computeIfAbsent(node, Book::new);
  }

  public List<Book> all() {
    return new ArrayList<>(books.values());
  }

  /// Those that do not balance or still hold something: none, once a gateway has come to rest.
  public List<Book> unsettled() {
    return all().stream().filter(book -> book.residue() != 0 || book.held() != 0).toList();
  }
}
