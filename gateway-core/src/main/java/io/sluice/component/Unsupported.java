package io.sluice.component;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Known because the Collector knows the key, but only its default can be had here; any other value is
/// an error with this reason. For keys whose effect a user relies on, where [Ignored] would deceive.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Unsupported {
  String value();
}
