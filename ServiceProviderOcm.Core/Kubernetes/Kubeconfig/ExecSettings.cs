namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>How to run a credential plugin.</summary>
internal sealed record ExecSettings
{
    /// <summary>What messages call it.</summary>
    public required string Field { get; init; }

    public required string ApiVersion { get; init; }

    public required string Command { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    /// <summary>What the plugin finds in <c>KUBERNETES_EXEC_INFO</c>.</summary>
    public required string Info { get; init; }

    public string? InstallHint { get; init; }

    public bool Equals(ExecSettings? other) => other is not null
        && (Field, ApiVersion, Command, Info, InstallHint) == (other.Field, other.ApiVersion, other.Command, other.Info, other.InstallHint)
        && Arguments.SequenceEqual(other.Arguments)
        && Environment.SequenceEqual(other.Environment);

    public override int GetHashCode() => HashCode.Combine(Field, Command, Arguments.Count, Info);

    public override string ToString() => Field;
}
