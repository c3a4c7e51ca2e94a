if command -v systemd-sysusers >/dev/null 2>&1; then
    systemd-sysusers --replace=/usr/lib/sysusers.d/ping-agent.conf - <<END || exit 1
u ping-agent - "ping-agent" /var/lib/ping-agent /usr/sbin/nologin
END
elif ! getent passwd ping-agent >/dev/null; then
    useradd --system --user-group --no-create-home --home-dir /var/lib/ping-agent --shell /usr/sbin/nologin ping-agent || exit 1
fi
# Classes made ready for the jars that are about to be replaced.
rm -f /var/cache/ping-agent/classes.jsa /var/cache/ping-agent/agent2.jsa
exit 0
