using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Setup;

/// <summary>
/// Logs what is wrong with the ProviderConfig, so that a platform operator sees it before the first OCM does. It never fails
/// <c>init</c>: the ProviderConfig may be created or fixed later.
/// </summary>
public sealed partial class ProviderConfigReview(Identity identity, ILogger<ProviderConfigReview> logger)
{
    /// <summary>Reads the ProviderConfig and logs its errors and warnings.</summary>
    public async Task ReviewAsync(IKubernetesApi platform, CancellationToken cancellationToken)
    {
        try
        {
            var key = ObjectKey.ClusterScoped(identity.ProviderName);
            if (await platform.FindAsync(identity.Api.ProviderConfig, key, cancellationToken) is { } found)
            {
                Log(InstallConfigReader.Read(identity, found));
            }
            else
            {
                LogMissing(identity.ProviderName, identity.Api.ProviderConfig.ApiVersion);
            }
        }
        catch (KubernetesApiException exception)
        {
            LogUnreadable(identity.ProviderName, exception.Message);
        }
    }

    private void Log(InstallConfig config)
    {
        foreach (var error in config.Errors)
        {
            LogInvalid(config.Describe(error).Message);
        }

        foreach (var warning in config.Warnings)
        {
            LogIgnored(config.Name, warning);
        }
    }

    [LoggerMessage(
        LogLevel.Information,
        "ProviderConfig \"{Name}\" ({ApiVersion}) does not exist yet. No OCM is installed until it is created")]
    private partial void LogMissing(string name, string apiVersion);

    [LoggerMessage(LogLevel.Warning, "{Message}")]
    private partial void LogInvalid(string message);

    [LoggerMessage(LogLevel.Warning, "ProviderConfig \"{Name}\": {Warning}")]
    private partial void LogIgnored(string name, ConfigIssue warning);

    [LoggerMessage(LogLevel.Information, "ProviderConfig \"{Name}\" was not checked: {Message}")]
    private partial void LogUnreadable(string name, string message);
}
