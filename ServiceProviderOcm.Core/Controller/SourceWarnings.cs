using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>Logs what is accepted, but should be fixed, of the objects that the ProviderConfig refers to: each once. Thread-safe.</summary>
internal sealed partial class SourceWarnings(Identity identity, ILogger<SourceWarnings> logger)
{
    private readonly Lock _lock = new();
    private IReadOnlySet<string> _reported = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Something that concerns all tenants has changed.</summary>
    public void Report(PlatformWatch platform)
    {
        var secrets = platform.SourceSecrets.Objects.Values.Select(source => source.Subject).OfType<KubeObject>()
            .ToDictionary(secret => secret.Name, StringComparer.Ordinal);
        var warnings = platform.Config.Sources.SelectMany(source => InputChecks.WarningsOf(identity, secrets, source))
            .ToHashSet(StringComparer.Ordinal);
        lock (_lock)
        {
            foreach (var warning in warnings.Except(_reported))
            {
                LogWarning(warning);
            }

            _reported = warnings;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Warning}")]
    private partial void LogWarning(string warning);
}
