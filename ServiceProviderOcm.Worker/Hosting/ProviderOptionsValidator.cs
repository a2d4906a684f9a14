using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Worker.Endpoints;

namespace ServiceProviderOcm.Worker.Hosting;

/// <summary>Finds all faults of the settings at once, each with its cure.</summary>
/// <param name="isForOnboardingOnly">
/// Whether the onboarding cluster alone is of interest: then neither the provider's name matters, nor, where that cluster is reached
/// by a kubeconfig of our own, the provider's namespace.
/// </param>
internal sealed partial class ProviderOptionsValidator(bool isForOnboardingOnly = false) : IValidateOptions<ProviderOptions>
{
    // What is left of a request's name, shortened and with a suffix, for "<group>--".
    private const int LongestApiGroup = 46;

    public ValidateOptionsResult Validate(string? name, ProviderOptions options)
    {
        List<string> faults = [.. options.Unreadable];
        if (!isForOnboardingOnly && !DnsSubdomain().IsMatch(options.ProviderName))
        {
            faults.Add(options.ProviderName.Length == 0
                ? "The provider's name is not set: give --provider-name, the name of its ProviderConfig."
                : $"--provider-name \"{options.ProviderName}\" cannot be the name of a ProviderConfig: lower-case letters, digits, '-' "
                    + "and '.' only.");
        }

        if (!(isForOnboardingOnly && options.IsOnboardingLocal) && !DnsSubdomain().IsMatch(options.PodNamespace))
        {
            faults.Add(options.PodNamespace.Length == 0
                ? "The provider's own namespace is not set: set the environment variable POD_NAMESPACE."
                : $"POD_NAMESPACE \"{options.PodNamespace}\" cannot be the name of a namespace.");
        }

        if (!DnsSubdomain().IsMatch(options.ApiGroup) || !options.ApiGroup.Contains('.', StringComparison.Ordinal))
        {
            faults.Add($"--api-group \"{options.ApiGroup}\" is not an API group, such as {Core.Model.ProviderApi.DefaultGroup}.");
        }

        if (options.ApiGroup.Length > LongestApiGroup)
        {
            faults.Add(
                $"--api-group \"{options.ApiGroup}\" is longer than {LongestApiGroup} characters, so that the names of requests would lose part of it.");
        }

        if (options.Workers is < 1 or > 1000)
        {
            faults.Add($"--workers {options.Workers} is out of bounds: 1 to 1000.");
        }

        if (options.OnboardingTimeout <= TimeSpan.Zero)
        {
            faults.Add($"--onboarding-timeout has to be longer than 0, such as 30m.");
        }

        AddBindAddress(faults, "--health-probe-bind-address", options.HealthProbeBindAddress);
        AddBindAddress(faults, "--metrics-bind-address", options.MetricsBindAddress);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void AddBindAddress(List<string> faults, string flag, string value)
    {
        if (!BindAddress.TryParse(value, out _, out var problem))
        {
            faults.Add($"{flag} \"{value}\" {problem}");
        }
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DnsSubdomain();
}
