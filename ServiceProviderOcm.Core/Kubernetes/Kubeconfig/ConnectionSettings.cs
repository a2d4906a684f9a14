namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>All that a connection depends on, files' contents included: two equal ones need but one connection.</summary>
internal sealed record ConnectionSettings
{
    public required Uri Server { get; init; }

    public string? CertificateAuthorityPem { get; init; }

    public string? TlsServerName { get; init; }

    public bool SkipTlsVerify { get; init; }

    public Uri? Proxy { get; init; }

    public string? ClientCertificatePem { get; init; }

    public string? ClientKeyPem { get; init; }

    public string? Token { get; init; }

    /// <summary>Takes precedence over <see cref="Token"/>, which stands in while the file cannot be read.</summary>
    public string? TokenFile { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    public Impersonation? Impersonation { get; init; }

    public ExecSettings? Exec { get; init; }

    public override string ToString() => Server.ToString();
}
