package io.pingagent.zabbix.buffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A disk in memory that can be full, read-only, damaged and emptied. What was written outlives the process. */
public final class FakeDisk implements Disk {

    private static final class Content {
        byte[] bytes = {};
        int size;
        boolean locked;
        boolean linked = true;
    }

    final Map<Path, Content> files = new TreeMap<>();
    final Set<Path> directories = new HashSet<>();
    /** Bytes that fit. */
    long capacity = Long.MAX_VALUE;

    boolean readOnly;
    /** Nobody can say whether a file is there. */
    boolean isBlind;

    boolean unreadable;
    /** Bytes written since the start. */
    public long written;

    private void checkWritable() throws IOException {
        if (readOnly) {
            throw new IOException("Read-only file system");
        }
    }

    private long used() {
        return files.values().stream().mapToLong(content -> content.size).sum();
    }

    /** The process is no more: its locks go, its files stay. */
    void killProcess() {
        files.values().forEach(content -> content.locked = false);
    }

    /** Another process has the file. */
    void lockByAnother(Path file) {
        directories.add(file.getParent());
        Content content = new Content();
        content.locked = true;
        files.put(file, content);
    }

    void deleteAll() {
        files.values().forEach(content -> content.linked = false);
        files.clear();
        directories.clear();
    }

    void flip(Path file, int at) {
        files.get(file).bytes[at] ^= 0x10;
    }

    int size(Path file) {
        return files.get(file).size;
    }

    void put(Path file, byte[] bytes) {
        Content content = new Content();
        content.bytes = bytes.clone();
        content.size = bytes.length;
        files.put(file, content);
    }

    List<Path> segments() {
        return files.keySet().stream()
                .filter(file -> file.toString().endsWith(".values"))
                .toList();
    }

    @Override
    public DiskFile open(Path file, Mode mode) throws IOException {
        Content content = files.get(file);
        if (mode != Mode.READ) {
            checkWritable();
        }
        if (mode == Mode.READ && unreadable) {
            throw new IOException("Too many open files");
        }
        if (!directories.contains(file.getParent())) {
            throw new NoSuchFileException(file.toString());
        }
        if (content != null && mode == Mode.NEW) {
            throw new FileAlreadyExistsException(file.toString());
        }
        if (content == null) {
            if (mode == Mode.READ || mode == Mode.CHANGE) {
                throw new NoSuchFileException(file.toString());
            }
            content = new Content();
            files.put(file, content);
        }
        return new Opened(content);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        if (!directories.contains(directory)) {
            checkWritable();
            directories.add(directory);
        }
    }

    @Override
    public List<Path> list(Path directory) {
        return new ArrayList<>(files.keySet());
    }

    @Override
    public void delete(Path file) throws IOException {
        checkWritable();
        Content content = files.remove(file);
        if (content != null) {
            content.linked = false;
        }
    }

    @Override
    public @Nullable Object identity(Path file) {
        return isBlind ? UNKNOWN : files.get(file);
    }

    private final class Opened implements DiskFile {

        private final Content content;
        private boolean locker;

        Opened(Content content) {
            this.content = content;
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            checkWritable();
            long end = position + bytes.remaining();
            long more = Math.max(0, end - content.size);
            int fits = bytes.remaining();
            if (content.linked && more > 0 && used() + more > capacity) {
                // As a real one: what fits is written first.
                fits = (int) Math.max(0, Math.min(fits, fits - (used() + more - capacity)));
            }
            boolean all = fits == bytes.remaining();
            end = position + fits;
            if (end > content.bytes.length) {
                content.bytes = Arrays.copyOf(content.bytes, (int) Math.max(end, 2L * content.bytes.length));
            }
            bytes.get(content.bytes, (int) position, fits);
            content.size = (int) Math.max(content.size, end);
            written += fits;
            if (!all) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public int read(ByteBuffer bytes, long position) {
            int count = (int) Math.min(bytes.remaining(), content.size - position);
            if (count > 0) {
                bytes.put(content.bytes, (int) position, count);
            }
            return Math.max(-1, count);
        }

        @Override
        public long size() {
            return content.size;
        }

        @Override
        public void truncate(long size) {
            content.size = (int) Math.min(size, content.size);
        }

        @Override
        public void force() {}

        @Override
        public boolean tryLock() {
            if (content.locked) {
                return false;
            }
            content.locked = true;
            locker = true;
            return true;
        }

        @Override
        public void close() {
            if (locker) {
                content.locked = false;
            }
        }
    }
}
