package dev.rollcall.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/** Objects that leave a trace where somebody makes them from bytes, as those of an attacker do. */
final class Planted {

  /** What was made from bytes in this process. */
  static final Set<String> MADE = ConcurrentHashMap.newKeySet();

  private Planted() {}

  /** Made by Java's own serialisation. */
  static final class ByJava implements Callable<String>, Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public String call() {
      return "done";
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      MADE.add("java");
    }
  }

  /** Made by Hazelcast, from the name of its class. */
  static final class ByName implements Callable<String>, DataSerializable {

    @Override
    public String call() {
      return "done";
    }

    @Override
    public void writeData(ObjectDataOutput out) {}

    @Override
    public void readData(ObjectDataInput in) {
      MADE.add("name");
    }
  }
}
