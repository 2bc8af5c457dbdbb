package io.sluice.config;

import io.sluice.component.AnyCase;
import io.sluice.component.Doc;
import io.sluice.component.EmptyIsOff;
import io.sluice.component.Ignored;
import io.sluice.component.Key;
import io.sluice.component.Renamed;
import io.sluice.component.Secret;
import io.sluice.component.Squash;
import io.sluice.component.Unless;
import io.sluice.component.Unsupported;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a key may hold, read off the type of a record component. Binding, printing, JSON Schema and
/// manual are each one switch over this.
sealed interface Shape {
  record Text() implements Shape {}

  /// A [Secret].
  record Hidden() implements Shape {}

  /// An integer in a range.
  record Whole(long min, long max) implements Shape {}

  record Fraction() implements Shape {}

  record Truth() implements Shape {}

  /// A [Duration].
  record Span() implements Shape {}

  /// Any value.
  record Any() implements Shape {}

  /// One of the constants of an enum.
  record Choice(Class<?> type) implements Shape {
    List<String> words() {
      return constants().stream().map(Choice::word).toList();
    }

    Optional<Object> constant(String word) {
      return constants().stream().filter(each -> word(each).equals(word)).findFirst();
    }

    static String word(Object constant) {
      var value = (Enum<?>) constant;
      try {
        var key = value.getDeclaringClass().getField(value.name()).getAnnotation(Key.class);
        return key == null ? value.name().toLowerCase(Locale.ROOT) : key.value();
      } catch (NoSuchFieldException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }

    private List<Object> constants() {
      return List.of(type.getEnumConstants());
    }
  }

  /// A class with `static parse(String)`.
  record Parsed(Class<?> type, Method parser) implements Shape {
    /// @throws IllegalArgumentException saying what is wrong with the text
    Object parse(String text) {
      return invoked(parser, null, text);
    }
  }

  record Section(Class<? extends Record> type) implements Shape {
    /// Reflection makes new objects at each question and warms up each of them anew.
    private static final ClassValue<List<Field>> FIELDS =
        new ClassValue<>() {
          @Override
          protected List<Field> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents()).map(Field::of).toList();
          }
        };

    List<Field> fields() {
      return FIELDS.get(type);
    }

    /// All keys, also those that squashed sections lend.
    List<Field> keys() {
      var keys = new ArrayList<Field>();
      for (var field : fields()) {
        if (field.squashed() && field.shape() instanceof Section inner) {
          keys.addAll(inner.keys());
        } else {
          keys.add(field);
        }
      }
      return keys;
    }

    /// What a user gets who writes nothing: `static defaults()`.
    Record defaults() {
      return (Record) invoked(method(type, "defaults").orElseThrow(this::withoutDefaults), null);
    }

    /// For those that a factory need not make.
    Optional<Record> ownDefaults() {
      return method(type, "defaults").map(method -> (Record) invoked(method, null));
    }

    private LinkageError withoutDefaults() {
      return new LinkageError(type + " has no static defaults()");
    }

    Record create(List<Object> values) {
      try {
        var types =
            Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(values.toArray());
      } catch (InvocationTargetException e) {
        throw unwrapped(e);
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }
  }

  /// An `Optional`.
  record Maybe(Shape inner) implements Shape {}

  record Many(Shape item) implements Shape {}

  /// A `Map` from text.
  record Named(Shape value) implements Shape {}

  /// One component of a record.
  ///
  /// @param doc meaning, for the manual
  /// @param ignored why the key has no effect, if it has none
  /// @param unsupported why no value but the default can be had, if so
  /// @param renamed its former name
  /// @param unless what counts if nothing is written, for an optional value
  record Field(
      String key,
      Shape shape,
      Method accessor,
      Optional<String> doc,
      Optional<String> ignored,
      Optional<String> unsupported,
      Optional<String> renamed,
      Optional<String> unless,
      boolean squashed,
      boolean anyCase,
      boolean emptyIsOff) {
    private static Field of(RecordComponent component) {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return new Field(
          said(component, Key.class, Key::value).orElseGet(() -> snakeCase(component.getName())),
          Shape.of(component.getGenericType()),
          accessor,
          said(component, Doc.class, Doc::value),
          said(component, Ignored.class, Ignored::value),
          said(component, Unsupported.class, Unsupported::value),
          said(component, Renamed.class, Renamed::value),
          said(component, Unless.class, Unless::value),
          component.isAnnotationPresent(Squash.class),
          component.isAnnotationPresent(AnyCase.class),
          component.isAnnotationPresent(EmptyIsOff.class));
    }

    private static <A extends Annotation> Optional<String> said(
        RecordComponent component, Class<A> annotation, Function<A, String> text) {
      return Optional.ofNullable(component.getAnnotation(annotation)).map(text);
    }

    Object of(Record record) {
      return invoked(accessor, record);
    }
  }

  static Shape of(Type type) {
    return switch (type) {
      case Class<?> c when c == String.class -> new Text();
      case Class<?> c when c == Secret.class -> new Hidden();
      case Class<?> c when c == int.class || c == Integer.class ->
          new Whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
      case Class<?> c when c == long.class || c == Long.class ->
          new Whole(Long.MIN_VALUE, Long.MAX_VALUE);
      case Class<?> c when c == double.class || c == Double.class -> new Fraction();
      case Class<?> c when c == boolean.class || c == Boolean.class -> new Truth();
      case Class<?> c when c == Duration.class -> new Span();
      case Class<?> c when c == Object.class -> new Any();
      case Class<?> c when c.isEnum() -> new Choice(c);
      case Class<?> c -> parsedOrSection(c);
      case ParameterizedType p when p.getRawType() == Optional.class -> new Maybe(argument(p, 0));
      case ParameterizedType p when p.getRawType() == List.class -> new Many(argument(p, 0));
      case ParameterizedType p
          when p.getRawType() == Map.class && p.getActualTypeArguments()[0] == String.class ->
          new Named(argument(p, 1));
      default -> throw new LinkageError("no YAML for " + type);
    };
  }

  private static Shape argument(ParameterizedType type, int index) {
    return of(type.getActualTypeArguments()[index]);
  }

  private static Shape parsedOrSection(Class<?> type) {
    var parser = method(type, "parse", String.class);
    if (parser.isPresent()) {
      return new Parsed(type, parser.get());
    }
    if (type.isRecord()) {
      return new Section(type.asSubclass(Record.class));
    }
    throw new LinkageError("no YAML for " + type);
  }

  private static Optional<Method> method(Class<?> type, String name, Class<?>... parameters) {
    try {
      var method = type.getDeclaredMethod(name, parameters);
      method.setAccessible(true);
      return Modifier.isStatic(method.getModifiers()) ? Optional.of(method) : Optional.empty();
    } catch (NoSuchMethodException _) {
      return Optional.empty();
    }
  }

  private static Object invoked(Method method, @Nullable Object target, Object... arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw unwrapped(e);
    } catch (IllegalAccessException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private static RuntimeException unwrapped(InvocationTargetException e) {
    return e.getTargetException() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException(e.getTargetException());
  }

  /// `maxRecvMsgSizeMib` -> `max_recv_msg_size_mib`, `http2PingTimeout` -> `http2_ping_timeout`.
  static String snakeCase(String name) {
    var key = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isUpperCase(c)) {
        key.append('_');
      }
      key.append(Character.toLowerCase(c));
    }
    return key.toString();
  }
}
