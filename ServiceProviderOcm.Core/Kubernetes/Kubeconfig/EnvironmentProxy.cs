using System.Net;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// The proxy that the environment sets, by Go's rules: <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c> and <c>NO_PROXY</c> or their lower-case
/// names. Loopback addresses are never reached through a proxy.
/// </summary>
/// <remarks>https://pkg.go.dev/golang.org/x/net/http/httpproxy</remarks>
internal sealed class EnvironmentProxy : IWebProxy, ICredentials
{
    private readonly Uri? _http;
    private readonly Uri? _https;
    private readonly NoProxy _exceptions;

    /// <summary>Reads the environment.</summary>
    public EnvironmentProxy(Func<string, string?> environment)
    {
        _https = Parse(Either("HTTPS_PROXY", "https_proxy"));
        _http = string.IsNullOrEmpty(environment("REQUEST_METHOD")) ? Parse(Either("HTTP_PROXY", "http_proxy")) : null;
        _exceptions = new NoProxy(Either("NO_PROXY", "no_proxy"));

        string Either(string name, string other) => environment(name) is { Length: > 0 } value ? value : environment(other) ?? "";
    }

    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => this;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : ProxyFor(destination);

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => ProxyFor(host) is null || _exceptions.Contains(host);

    /// <inheritdoc/>
    public NetworkCredential? GetCredential(Uri uri, string authType) => CredentialOf(uri == _http ? _http : uri == _https ? _https : uri);

    /// <summary>The user and password in a proxy's URL; null: there are none.</summary>
    public static NetworkCredential? CredentialOf(Uri proxy)
    {
        var parts = proxy.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        return proxy.UserInfo.Length == 0 ? null : new NetworkCredential(parts[0], parts.ElementAtOrDefault(1));
    }

    private Uri? ProxyFor(Uri destination) => destination.Scheme switch
    {
        "https" => _https,
        "http" => _http,
        _ => null,
    };

    private static Uri? Parse(string text) =>
        text.Length == 0 ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "socks5" ? uri
        : Uri.TryCreate("http://" + text, UriKind.Absolute, out var withScheme) ? withScheme
        : null;
}
