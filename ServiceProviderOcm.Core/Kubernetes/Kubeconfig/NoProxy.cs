using System.Globalization;
using System.Net;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// What <c>NO_PROXY</c> excepts: addresses, networks such as <c>10.0.0.0/8</c>, domains with all below them, those below
/// <c>.example.com</c> or <c>*.example.com</c>, each but networks with or without a port, or <c>*</c> for everything.
/// </summary>
internal sealed class NoProxy
{
    private readonly List<Func<string, int, IPAddress?, bool>> _matchers = [];

    /// <summary>Reads a list. Malformed entries are ignored.</summary>
    public NoProxy(string list)
    {
        foreach (var entry in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry == "*")
            {
                _matchers.Clear();
                _matchers.Add((_, _, _) => true);
                return;
            }

            if (Matcher(entry.ToLowerInvariant()) is { } matcher)
            {
                _matchers.Add(matcher);
            }
        }
    }

    /// <summary>Whether a server is excepted.</summary>
    public bool Contains(Uri server)
    {
        var host = server.IdnHost.ToLowerInvariant();
        var address = AddressOf(host);
        return host == "localhost" || (address is not null && IPAddress.IsLoopback(address))
            || _matchers.Exists(matcher => matcher(host, server.Port, address));
    }

    private static Func<string, int, IPAddress?, bool>? Matcher(string entry)
    {
        if (IPNetwork.TryParse(entry, out var network) || TryParseLoose(entry, out network))
        {
            return (_, _, address) => address is not null && network.Contains(address);
        }

        if (!TrySplit(entry, out var host, out var port))
        {
            return null;
        }

        if (AddressOf(host) is { } only)
        {
            return (_, at, address) => only.Equals(address) && (port is null || port == at);
        }

        var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[1..] : host;
        return name.StartsWith('.')
            ? (asked, at, _) => asked.EndsWith(name, StringComparison.Ordinal) && (port is null || port == at)
            : (asked, at, _) => (asked == name || asked.EndsWith("." + name, StringComparison.Ordinal)) && (port is null || port == at);
    }

    // Go masks the bits behind the prefix; .NET rejects them.
    private static bool TryParseLoose(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || AddressOf(text[..slash]) is not { } address
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            || bits > address.GetAddressBytes().Length * 8)
        {
            return false;
        }

        var bytes = address.GetAddressBytes();
        for (var bit = bits; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        network = new IPNetwork(new IPAddress(bytes), bits);
        return true;
    }

    private static bool TrySplit(string entry, out string host, out int? port)
    {
        (host, port) = (entry, null);
        var colon = entry.LastIndexOf(':');
        var isBracketed = entry.StartsWith('[');
        if (colon < 0 || (isBracketed ? entry[colon - 1] != ']' : entry.IndexOf(':', StringComparison.Ordinal) != colon))
        {
            return host.Length > 0;
        }

        host = isBracketed ? entry[1..(colon - 1)] : entry[..colon];
        var text = entry[(colon + 1)..];
        port = text.Length == 0 ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : -1;
        return host.Length > 0;
    }

    // .NET also reads numbers such as 127.1.
    private static IPAddress? AddressOf(string text) =>
        IPAddress.TryParse(text, out var address) && (text.Contains(':') || text.Count(character => character == '.') == 3)
            ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
            : null;
}
