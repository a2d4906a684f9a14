using Microsoft.Extensions.Options;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Worker.Settings;

/// <summary>Validates the settings; reports all errors at once, each with its fix.</summary>
/// <param name="isForOnboardingOnly">
/// Whether the onboarding cluster alone is of interest: then neither the provider's name matters, nor, where that cluster is reached
/// by a configured kubeconfig, the provider's namespace.
/// </param>
internal sealed class ProviderOptionsValidator(bool isForOnboardingOnly = false) : IValidateOptions<ProviderOptions>
{
    public ValidateOptionsResult Validate(string? name, ProviderOptions options)
    {
        List<string> errors = [.. options.Unreadable];
        if (!isForOnboardingOnly && !DnsNames.IsSubdomain(options.ProviderName))
        {
            errors.Add(options.ProviderName.Length == 0
                ? "The provider's name is not set: set --provider-name, the name of its ProviderConfig."
                : $"--provider-name \"{options.ProviderName}\" cannot be the name of a ProviderConfig: lower-case letters, digits, '-' "
                    + "and '.' only.");
        }

        if (!(isForOnboardingOnly && options.IsOnboardingLocal) && !DnsNames.IsSubdomain(options.PodNamespace))
        {
            errors.Add(options.PodNamespace.Length == 0
                ? "The provider's own namespace is not set: set the environment variable POD_NAMESPACE."
                : $"POD_NAMESPACE \"{options.PodNamespace}\" cannot be the name of a namespace.");
        }

        if (options.ApiGroup.Length > 0 && ProviderApi.ErrorOf(options.ApiGroup) is { } error)
        {
            errors.Add($"--api-group \"{options.ApiGroup}\" {error}.");
        }

        AddRange(errors, "--workers", options.Workers, 1000);
        AddRange(errors, "--control-plane-workers", options.ControlPlaneWorkers, 10_000);
        AddRange(errors, "--max-ocms-per-namespace", options.MaxOcmsPerNamespace, int.MaxValue);
        AddRange(errors, "--max-ocms", options.MaxOcms, int.MaxValue);
        AddRange(errors, "--max-ocm-store-bytes", options.MaxOcmStoreBytes, long.MaxValue);
        AddRange(errors, "--max-ocm-field-bytes", options.MaxOcmFieldBytes, 1 << 20);
        AddDuration(errors, "--ocm-change-interval", options.OcmChangeInterval);
        AddDuration(errors, "--ocm-operation-interval", options.OcmOperationInterval);

        AddLimits(errors, LimitSettings.ControlPlanes, options.ControlPlaneLimits);
        AddLimits(errors, LimitSettings.SharedClusters, options.SharedClusterLimits);
        AddBudget(errors, options.ControlPlaneBudget);

        if (options.OnboardingTimeout <= TimeSpan.Zero)
        {
            errors.Add($"--onboarding-timeout must be longer than 0, such as 30m.");
        }

        if (options.WaitTimeout <= TimeSpan.Zero)
        {
            errors.Add("--wait-timeout must be longer than 0, such as 5m.");
        }

        AddBindAddress(errors, "--health-probe-bind-address", options.HealthProbeBindAddress);
        AddBindAddress(errors, "--metrics-bind-address", options.MetricsBindAddress);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void AddLimits(List<string> errors, string prefix, ClusterLimits limits)
    {
        AddRange(errors, $"{prefix}answer-bytes", limits.AnswerBytes, 1 << 30);
        AddRange(errors, $"{prefix}object-bytes", limits.ObjectBytes, 1 << 30);
        AddRange(errors, $"{prefix}objects", limits.Objects, int.MaxValue);
        AddRange(errors, $"{prefix}store-bytes", limits.StoreBytes, long.MaxValue);
        AddRange(errors, $"{prefix}pages", limits.Pages, int.MaxValue);
        if (limits.ObjectBytes > limits.AnswerBytes)
        {
            errors.Add($"{prefix}object-bytes {limits.ObjectBytes} is larger than {prefix}answer-bytes {limits.AnswerBytes}.");
        }
    }

    private static void AddBudget(List<string> errors, ControlPlaneBudget budget)
    {
        const string Prefix = LimitSettings.AllControlPlanes;
        AddRange(errors, $"{Prefix}total-bytes", budget.TotalBytes, long.MaxValue);
        AddRange(errors, $"{Prefix}own-memory", budget.OwnMemory, long.MaxValue);
        AddRange(errors, $"{Prefix}group-memory", budget.GroupMemory, long.MaxValue);
        AddRange(errors, $"{Prefix}shared-memory", budget.SharedMemory, long.MaxValue);
        AddRange(errors, $"{Prefix}own-traffic", budget.OwnTraffic, long.MaxValue);
        AddRange(errors, $"{Prefix}group-traffic", budget.GroupTraffic, long.MaxValue);
        AddRange(errors, $"{Prefix}shared-traffic", budget.SharedTraffic, long.MaxValue);
        AddRange(errors, $"{Prefix}turn-steps", budget.TurnSteps, 1000);
        AddDuration(errors, $"{Prefix}request-timeout", budget.RequestTimeout);
        AddDuration(errors, $"{Prefix}turn-duration", budget.TurnDuration);
    }

    private static void AddDuration(List<string> errors, string flag, TimeSpan value)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromHours(1))
        {
            errors.Add($"{flag} must be longer than 0 and at most 1h, such as 10s.");
        }
    }

    private static void AddRange(List<string> errors, string flag, long value, long max)
    {
        if (value < 1 || value > max)
        {
            errors.Add($"{flag} {value} is out of range: 1 to {max}.");
        }
    }

    private static void AddBindAddress(List<string> errors, string flag, string value)
    {
        if (!BindAddress.TryParse(value, out _, out var error))
        {
            errors.Add($"{flag} \"{value}\" {error}");
        }
    }
}
