if [ "$1" -eq 0 ]; then
    rm -rf /var/cache/ping-agent
    rmdir /run/ping-agent 2>/dev/null || :
fi
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload || :
    if [ "$1" -ge 1 ]; then
        # What ran before an upgrade goes on with the new version; nothing is started that was not.
        systemctl try-restart ping-agent.service 'ping-agent@*.service' || :
    fi
fi
exit 0
