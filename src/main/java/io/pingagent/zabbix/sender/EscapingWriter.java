package io.pingagent.zabbix.sender;

import io.pingagent.base.OwnedBy;
import java.io.IOException;
import java.io.Writer;

/** Characters as the inside of a JSON string. Passes its characters on when it is flushed. */
@OwnedBy("caller")
final class EscapingWriter extends Writer {

    private static final char[] HEX = "0123456789abcdef".toCharArray();
    /** The longest that one character becomes: {@code \}{@code u001f}. */
    private static final int LONGEST = 6;

    private final Writer out;
    private final char[] buffer = new char[16 * 1024];
    private int used;

    EscapingWriter(Writer out) {
        this.out = out;
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            write(text[i]);
        }
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            write(text.charAt(i));
        }
    }

    @Override
    public void write(int c) throws IOException {
        if (used + LONGEST > buffer.length) {
            passOn();
        }
        char character = (char) c;
        if (character == '"' || character == '\\') {
            buffer[used++] = '\\';
        } else if (character < ' ') {
            buffer[used++] = '\\';
            buffer[used++] = 'u';
            buffer[used++] = '0';
            buffer[used++] = '0';
            buffer[used++] = HEX[character >> 4];
            character = HEX[character & 15];
        }
        buffer[used++] = character;
    }

    private void passOn() throws IOException {
        out.write(buffer, 0, used);
        used = 0;
    }

    @Override
    public void flush() throws IOException {
        passOn();
        out.flush();
    }

    /** Leaves what is behind it open. */
    @Override
    public void close() throws IOException {
        flush();
    }
}
