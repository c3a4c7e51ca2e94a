package io.pingagent.cli.shell;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * A list of lines from anywhere, without the UTF-8 mark that Windows puts in front. The length of a line is limited, so
 * that a file that is no list fills no memory. Not thread-safe.
 */
final class ListReader extends FilterReader {

    static final int MOST_CHARACTERS = 65_536;

    private static final char MARK = '\ufeff';
    /** What the mark of UTF-16 becomes in UTF-8. */
    private static final char UNDECODABLE = '\ufffd';

    private boolean atStart = true;
    private long lineNumber = 1;
    private int lineCharacters;

    ListReader(Reader decoded) {
        super(decoded);
    }

    @Override
    public int read() throws IOException {
        char[] one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(char[] buffer, int from, int length) throws IOException {
        int count = super.read(buffer, from, length);
        if (atStart && count > 0) {
            atStart = false;
            if (buffer[from] == UNDECODABLE) {
                throw new IOException("it is not UTF-8; save it as UTF-8");
            }
            if (buffer[from] == MARK) {
                System.arraycopy(buffer, from + 1, buffer, from, count - 1);
                // Nothing is the end of the stream for some callers.
                count = count == 1 ? super.read(buffer, from, length) : count - 1;
            }
        }
        for (int i = from; i < from + count; i++) {
            if (buffer[i] == '\n') {
                lineNumber++;
                lineCharacters = 0;
            } else if (++lineCharacters > MOST_CHARACTERS) {
                throw new IOException("line " + lineNumber + " has more than " + MOST_CHARACTERS
                        + " characters; write one address a line");
            }
        }
        return count;
    }
}
