package io.sluice.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/// The books of all nodes of one gateway. A node that stops keeps its book: what it counted stays
/// counted, and what it still held when it stopped shows.
public final class Books {
  private final List<Book> books = new CopyOnWriteArrayList<>();

  /// @param held what the node holds at this moment, in items
  public Book open(String node, LongSupplier held) {
    var book = new Book(node, held);
    books.add(book);
    return book;
  }

  public List<Book> all() {
    return new ArrayList<>(books);
  }

  /// Those that do not balance or still hold something: nothing, once a gateway has come to rest.
  public List<Book> open() {
    return books.stream().filter(book -> book.residue() != 0 || book.held() != 0).toList();
  }

  public long residue() {
    return books.stream().mapToLong(book -> Math.abs(book.residue())).sum();
  }
}
