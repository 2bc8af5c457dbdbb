package io.sluice.testkit;

import java.lang.ref.WeakReference;

/// What nobody can reach any more.
public final class Garbage {
  private static final int COLLECTIONS_MAX = 10;

  private Garbage() {}

  /// Whether the object goes when room is made, as nobody holds it.
  public static boolean collects(WeakReference<?> object) {
    for (int i = 0; i < COLLECTIONS_MAX && !object.refersTo(null); i++) {
      System.gc();
    }
    return object.refersTo(null);
  }
}
