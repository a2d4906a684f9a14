using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ServiceProviderOcm.Worker.Settings;

/// <summary>
/// Where an endpoint listens, as flags such as <c>--metrics-bind-address</c> say it: <c>:8080</c> for all interfaces,
/// <c>127.0.0.1:8080</c>, <c>[::1]:8080</c> or <c>localhost:8080</c> for one address, <c>0</c> or nothing for nowhere.
/// </summary>
public sealed record BindAddress
{
    /// <summary>Nowhere: the endpoint is off.</summary>
    public static readonly BindAddress Off = new(null, 0);

    private static readonly IPAddress AllInterfaces = IPAddress.IPv6Any;

    private readonly IPAddress? _ip;
    private readonly int _port;

    private BindAddress(IPAddress? ip, int port)
    {
        _ip = ip;
        _port = port;
    }

    /// <summary>Whether the endpoint is off.</summary>
    public bool IsOff => _ip is null;

    /// <summary>Reads an address. Port 0 is any free port.</summary>
    /// <param name="text">The flag's value.</param>
    /// <param name="address">The address, if the text is one.</param>
    /// <param name="error">Otherwise, what is wrong with it, as the rest of a sentence that starts with the value.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out BindAddress? address, [NotNullWhen(false)] out string? error)
    {
        address = null;
        error = null;
        if (text is "" or "0")
        {
            address = Off;
            return true;
        }

        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            error = "has no port. Set one, such as :8080, or 0 to disable it.";
            return false;
        }

        if (!ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            error = "does not end in a port: a number from 0 to 65535.";
            return false;
        }

        if (Ip(text[..colon]) is not { } ip)
        {
            error = "is not an address of this machine: use :PORT, localhost:PORT, or an IP address and a port, IPv6 in square brackets.";
            return false;
        }

        address = new BindAddress(ip, port);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => _ip is null ? "0"
        : _ip.Equals(AllInterfaces) ? string.Create(CultureInfo.InvariantCulture, $":{_port}")
        : new IPEndPoint(_ip, _port).ToString();

    /// <summary>Has a server listen there, on IPv4 and IPv6 where all interfaces are meant and the machine has both.</summary>
    internal void Listen(KestrelServerOptions server, Action<ListenOptions> configure)
    {
        if (_ip is null)
        {
            throw new InvalidOperationException("The endpoint is off.");
        }

        if (_ip.Equals(AllInterfaces))
        {
            server.ListenAnyIP(_port, configure);
        }
        else
        {
            server.Listen(_ip, _port, configure);
        }
    }

    // IPAddress.TryParse takes much for an address, such as "1" and "[::1]:8": what is not written in full is more likely a mistake.
    private static IPAddress? Ip(string host) => host switch
    {
        "" => AllInterfaces,
        "localhost" => IPAddress.Loopback,
        ['[', .. var inner, ']'] => IPAddress.TryParse(inner, out var six)
            && six.AddressFamily == AddressFamily.InterNetworkV6 && !inner.Contains('[', StringComparison.Ordinal) ? six : null,
        _ => host.Count(character => character == '.') == 3
            && IPAddress.TryParse(host, out var four) && four.AddressFamily == AddressFamily.InterNetwork ? four : null,
    };
}
