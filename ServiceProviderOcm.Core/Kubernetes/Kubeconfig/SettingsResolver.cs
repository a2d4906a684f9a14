using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>Works out what a context of a kubeconfig means. Everything it returns has been found usable.</summary>
internal static class SettingsResolver
{
    public static ConnectionSettings Resolve(MergedConfig config, string? contextName)
    {
        var context = config.Context(contextName);
        var cluster = config.Cluster(context);
        var server = WithCluster(cluster);
        var settings = config.User(context) is { } user ? WithUser(server, user, cluster) : server;
        return WithUrl(settings, cluster);
    }

    private static ConnectionSettings WithCluster(ConfigNode cluster)
    {
        var authority = Content(cluster, "certificate-authority");
        if (authority is not null && !Certificates.IsBundle(authority))
        {
            throw DataOrFile(cluster, "certificate-authority").Error("holds no readable PEM certificate");
        }

        var insecure = cluster.Flag("insecure-skip-tls-verify");
        if (insecure && authority is not null)
        {
            throw cluster.Field("insecure-skip-tls-verify").Error("contradicts the certificate authority; remove one of them");
        }

        return new ConnectionSettings
        {
            Server = Server(cluster, hasTls: authority is not null || insecure),
            CertificateAuthorityPem = authority,
            SkipTlsVerify = insecure,
            TlsServerName = ServerName(cluster),
            Proxy = Proxy(cluster),
        };
    }

    private static ConnectionSettings WithUser(ConnectionSettings settings, ConfigNode user, ConfigNode cluster)
    {
        if (user.Field("auth-provider") is { IsEmpty: false } provider)
        {
            throw provider.Error("is no longer supported by Kubernetes clients; use an exec plugin instead");
        }

        var withCertificate = settings with
        {
            ClientCertificatePem = Content(user, "client-certificate"),
            ClientKeyPem = Content(user, "client-key"),
            Token = Token(user),
            TokenFile = PathIn(user, "tokenFile"),
            Username = user.Text("username"),
            Password = user.Text("password"),
            Impersonation = Impersonation.Resolve(user),
        };

        CheckClientCertificate(withCertificate, user);
        var hasToken = withCertificate is not { Token: null, TokenFile: null };
        var hasName = withCertificate.Username is not null;
        if (hasToken && hasName)
        {
            throw user.Error("has both a token and a username; remove one of them");
        }

        return hasToken || hasName || user.Field("exec").IsEmpty
            ? withCertificate
            : withCertificate with { Exec = ExecResolver.Resolve(user.Field("exec"), cluster, settings) };
    }

    private static void CheckClientCertificate(ConnectionSettings settings, ConfigNode user)
    {
        switch (settings.ClientCertificatePem, settings.ClientKeyPem)
        {
            case (null, null):
                return;
            case ({ } certificate, { } key) when Certificates.IsPair(certificate, key):
                return;
            case (null, _):
                throw DataOrFile(user, "client-key").Error(
                    "has no certificate; set client-certificate-data or client-certificate, or remove the key");
            case (_, null):
                throw DataOrFile(user, "client-certificate").Error("has no key; set client-key-data or client-key, or remove the certificate");
            default:
                throw DataOrFile(user, "client-certificate")
                    .Error("and the client key are not a certificate and its unencrypted RSA or EC key in PEM");
        }
    }

    // As client-go: without a scheme, it is HTTPS only if something of TLS is configured.
    private static Uri Server(ConfigNode cluster, bool hasTls)
    {
        var text = cluster.RequiredText("server");
        var field = cluster.Field("server");
        if (IsUrl(text, out var uri))
        {
            return uri;
        }

        return !text.Contains("://", StringComparison.Ordinal)
            && IsUrl($"{(hasTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp)}://{text}", out uri)
            && uri.AbsolutePath == "/"
            ? uri
            : throw field.Error("must be a URL such as https://host:6443, or host:port");
    }

    private static bool IsUrl(string text, [NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(text, UriKind.Absolute, out uri) && uri.Scheme is "https" or "http" && uri.Host.Length > 0;

    // A client certificate is something of TLS, too. Go sends the credentials of a URL in place of all others, and no query or fragment.
    private static ConnectionSettings WithUrl(ConnectionSettings settings, ConfigNode cluster)
    {
        var server = settings.ClientCertificatePem is null ? settings.Server : Server(cluster, hasTls: true);
        var root = new UriBuilder(server) { UserName = "", Password = "", Query = "", Fragment = "" };
        if (!root.Path.EndsWith('/'))
        {
            root.Path += "/";
        }

        if (server.UserInfo.Length == 0)
        {
            return settings with { Server = root.Uri };
        }

        var parts = server.UserInfo.Split(':', 2);
        return settings with
        {
            Server = root.Uri,
            Token = null,
            TokenFile = null,
            Exec = null,
            Username = Uri.UnescapeDataString(parts[0]),
            Password = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : null,
        };
    }

    private static string? ServerName(ConfigNode cluster)
    {
        var name = cluster.Text("tls-server-name");
        return name is null || Uri.CheckHostName(name) != UriHostNameType.Unknown
            ? name
            : throw cluster.Field("tls-server-name").Error("must be a host name");
    }

    private static Uri? Proxy(ConfigNode cluster)
    {
        if (cluster.Text("proxy-url") is not { } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "socks5"
            ? uri
            : throw cluster.Field("proxy-url").Error("must be an http, https or socks5 URL");
    }

    private static string? Token(ConfigNode user)
    {
        var token = user.Text("token")?.Trim();
        return token is null || BearerToken.IsValid(token)
            ? token
            : throw user.Field("token").Error("must be printable ASCII without spaces");
    }

    /// <summary>What <c>name-data</c> holds in Base64, or else the file that <c>name</c> points to.</summary>
    private static string? Content(ConfigNode node, string name) =>
        node.Field(name + "-data") is { IsEmpty: false } data
            ? node.Field(name).IsEmpty
                ? Encoding.UTF8.GetString(data.AsBytes())
                : throw data.Error($"is set beside {name}; remove one of them")
            : PathIn(node, name) is { } path ? Read(node.Field(name), path) : null;

    private static ConfigNode DataOrFile(ConfigNode node, string name) =>
        node.Field(name + "-data") is { IsEmpty: false } data ? data : node.Field(name);

    private static string? PathIn(ConfigNode node, string name)
    {
        if (node.Text(name) is not { } path)
        {
            return null;
        }

        if (path.Contains('\0'))
        {
            throw node.Field(name).Error("cannot be a path");
        }

        return node.Origin.Directory is { } directory
            ? Path.GetFullPath(path, directory)
            : throw node.Field(name).Error("names a file, which is not allowed here");
    }

    private static string Read(ConfigNode field, string path)
    {
        try
        {
            return ConfigFile.TryRead(path, out var text) ? text : throw field.Error($"names {path}, which {ConfigFile.TooLarge}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw field.Error($"names {path}, which cannot be read");
        }
    }
}
