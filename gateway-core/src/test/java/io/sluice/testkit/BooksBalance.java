package io.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.telemetry.Books;

/// The assertion after every test that moved data: nothing is missing, nothing is held.
public final class BooksBalance {
  private BooksBalance() {}

  public static void assertBalanced(Books books) {
    assertThat(books.unsettled()).as("books that do not balance or hold items").isEmpty();
  }
}
