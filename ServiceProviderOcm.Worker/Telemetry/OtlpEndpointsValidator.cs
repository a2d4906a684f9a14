using Microsoft.Extensions.Options;
using ServiceProviderOcm.Worker.Hosting;

namespace ServiceProviderOcm.Worker.Telemetry;

/// <summary>Has wrong endpoints told together with the other faults of the settings.</summary>
internal sealed class OtlpEndpointsValidator(OtlpEndpoints endpoints) : IValidateOptions<ProviderOptions>
{
    public ValidateOptionsResult Validate(string? name, ProviderOptions options)
    {
        var faults = endpoints.Wrong.Select(variable => $"{variable} is not a URL such as http://collector:4317.").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
