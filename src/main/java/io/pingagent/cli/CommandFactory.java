package io.pingagent.cli;

import io.pingagent.cli.shell.Context;
import java.lang.reflect.Constructor;
import picocli.CommandLine;

/** Makes picocli's command objects; a command that needs the {@link Context} takes it in its constructor. */
final class CommandFactory implements CommandLine.IFactory {

    private final Context context;

    CommandFactory(Context context) {
        this.context = context;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        try {
            Constructor<K> constructor = type.getDeclaredConstructor(Context.class);
            // Commands of sub-rooms are package-private there.
            constructor.setAccessible(true);
            return constructor.newInstance(context);
        } catch (NoSuchMethodException e) {
            return CommandLine.defaultFactory().create(type);
        }
    }
}
