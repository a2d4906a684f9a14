using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Kubernetes.Timing;

namespace ServiceProviderOcm.Core.Setup;

/// <summary>
/// Installs or updates CustomResourceDefinitions; stored objects are kept.
/// </summary>
public sealed partial class CrdInstaller(InformerFactory informers, TimeProvider time, ILogger<CrdInstaller> logger)
{
    /// <summary>How long an API server may take to establish a kind.</summary>
    public static readonly TimeSpan EstablishTimeout = TimeSpan.FromMinutes(1);

    private const string ValidationRules = "x-kubernetes-validations";

    private static readonly Backoff RetryBackoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), Random.Shared);

    // Concurrent writers cause conflicts.
    private readonly ResiliencePipeline _retry = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<KubernetesApiException>(exception => exception.IsConflict),
            MaxRetryAttempts = 5,
            DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(RetryBackoff.Delay(arguments.AttemptNumber)),
        })
        .Build();

    /// <summary>Applies a definition and waits until its kind is established.</summary>
    /// <exception cref="SetupException">The server rejects it, is unreachable, or does not establish the kind.</exception>
    public async Task InstallAsync(IKubernetesApi api, KubeObject definition, CancellationToken cancellationToken)
    {
        var name = $"CustomResourceDefinition {definition.Name}";
        try
        {
            await _retry.ExecuteAsync(async token => await ApplyAsync(api, definition, token), cancellationToken);
        }
        catch (KubernetesApiException exception)
        {
            throw new SetupException(
                $"Cannot apply {name} on the {api.ClusterName}: {exception.Message.TrimEnd('.')}. {Advice(exception)}", exception);
        }

        await EstablishedAsync(api, definition, name, cancellationToken);
        LogInstalled(name, api.ClusterName);
    }

    // A schema may also be rejected because stored versions of a newer release are missing in it.
    private static string Advice(KubernetesApiException exception) => exception.Code == (int)HttpStatusCode.UnprocessableEntity
        ? $"If a newer release was installed before, install it again. Otherwise {ApiErrorAdvice.For(exception).Fix}, and retry."
        : ApiErrorAdvice.ForCommand(exception);

    // Servers older than 1.25 may reject validation rules instead of ignoring them; the controller does not need them.
    private async Task ApplyAsync(IKubernetesApi api, KubeObject definition, CancellationToken cancellationToken)
    {
        try
        {
            await api.ApplyAsync(Kinds.CustomResourceDefinition, definition, isForced: true, cancellationToken);
        }
        catch (KubernetesApiException rejection) when (rejection.Code is 400 or 422 or 500 && WithoutRules(definition) is { } plain)
        {
            try
            {
                await api.ApplyAsync(Kinds.CustomResourceDefinition, plain, isForced: true, cancellationToken);
            }
            catch (KubernetesApiException exception) when (exception.Code is 400 or 422 or 500)
            {
                throw rejection;
            }

            LogWithoutRules(definition.Name, api.ClusterName);
        }
    }

    private async Task EstablishedAsync(IKubernetesApi api, KubeObject definition, string name, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(EstablishTimeout, time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        string? lastError = null;
        try
        {
            await informers.WaitAsync(
                api, Kinds.CustomResourceDefinition, definition.Key, IsEstablished, error => lastError = error, waiting.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SetupException(
                $"{name} on the {api.ClusterName} was applied, but not established within {EstablishTimeout.TotalSeconds} s: "
                    + $"{lastError ?? "check its conditions with kubectl describe crd"}.",
                exception);
        }

        bool IsEstablished(KubeObject seen)
        {
            if (seen.IsBeingDeleted)
            {
                throw new SetupException(
                    $"{name} on the {api.ClusterName} is being deleted, including all objects of its kind. Retry when it is deleted.");
            }

            return seen.Condition("NamesAccepted") is var names && names.Text("status") == "False"
                ? throw new SetupException(
                    $"{name} on the {api.ClusterName} conflicts with another definition: {ForeignText.Quote(names.Text("message"))}. "
                        + "Delete the other definition.")
                : seen.Condition("Established").Text("status") == "True";
        }
    }

    private static KubeObject? WithoutRules(KubeObject definition) =>
        definition.Json.GetRawText().Contains($"\"{ValidationRules}\"", StringComparison.Ordinal)
            ? KubeObject.From((JsonObject)Plain(definition.Json)!)
            : null;

    private static JsonNode? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(value.EnumerateObject()
            .Where(field => !field.NameEquals(ValidationRules))
            .Select(field => KeyValuePair.Create(field.Name, Plain(field.Value)))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(Plain)]),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(value),
    };

    [LoggerMessage(LogLevel.Information, "{Definition} is established on the {Cluster}")]
    private partial void LogInstalled(string definition, string cluster);

    [LoggerMessage(
        LogLevel.Warning,
        "CustomResourceDefinition {Definition} is installed without validation rules: the {Cluster} does not support them")]
    private partial void LogWithoutRules(string definition, string cluster);
}
