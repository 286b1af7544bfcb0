package dev.coppice.spark.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;

/**
 * Writes a record component by component and makes it again with its canonical constructor. The
 * Kryo that Spark brings cannot: the JVM lets nobody set the fields of a record.
 */
public final class RecordSerializer<T extends Record> extends Serializer<T> {
  /** Found once a class: every task of a shuffle makes serialisers anew. */
  private static final ClassValue<Form> FORMS =
      new ClassValue<>() {
        @Override
        protected Form computeValue(Class<?> type) {
          return Form.of(type);
        }
      };

  private final Form form;

  /** Makes the serialiser of one record class. */
  RecordSerializer(Class<T> type) {
    super(false, true);
    form = FORMS.get(type);
  }

  /** How records of a class are taken apart and made. */
  private record Form(Constructor<?> constructor, List<Method> accessors) {
    static Form of(Class<?> type) {
      RecordComponent[] components = type.getRecordComponents();
      Class<?>[] types = new Class<?>[components.length];
      Method[] accessors = new Method[components.length];
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        accessors[i] = components[i].getAccessor();
        accessors[i].setAccessible(true);
      }
      try {
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return new Form(constructor, List.of(accessors));
      } catch (NoSuchMethodException e) {
        throw new IllegalArgumentException(type + " has no canonical constructor", e);
      }
    }
  }

  /** Registers record classes with serialisers of this kind. */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public static void register(Kryo kryo, Class<? extends Record>... types) {
    for (Class<? extends Record> type : types) {
      kryo.register(type, new RecordSerializer<>(type));
    }
  }

  @Override
  public void write(Kryo kryo, Output output, T record) {
    for (Method accessor : form.accessors()) {
      kryo.writeClassAndObject(output, get(accessor, record));
    }
  }

  @Override
  public T read(Kryo kryo, Input input, Class<T> type) {
    Object[] values = new Object[form.accessors().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = kryo.readClassAndObject(input);
    }
    try {
      return type.cast(form.constructor().newInstance(values));
    } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(type + " cannot be made again", e);
    }
  }

  private static Object get(Method accessor, Object record) {
    try {
      return accessor.invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(accessor + " cannot be read", e);
    }
  }
}
