using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Sandbox.Demo.View;

/// <summary>The state of a managed object.</summary>
/// <param name="State">The state, in a word.</param>
/// <param name="Message">A message about the state; may be empty.</param>
/// <param name="IsDone">Whether this is the final state.</param>
internal sealed record ManagedObject(string State, string Message, bool IsDone)
{
    private const string Deleting = "Deleting";

    /// <summary>Reads the state of an object.</summary>
    public static ManagedObject Of(ResourceKind kind, KubeObject subject) => kind switch
    {
        _ when kind == PlatformKinds.OciRepository || kind == PlatformKinds.HelmRelease => OfFlux(subject),
        _ when subject.IsBeingDeleted => new ManagedObject(Deleting, "", IsDone: false),
        _ when kind != PlatformKinds.AccessRequest => new ManagedObject("Present", "", IsDone: true),
        _ when AccessGrant.IsGranted(subject) => new ManagedObject("Granted", "", IsDone: true),
        _ when AccessGrant.IsDenied(subject) => new ManagedObject("Denied", AccessGrant.Explanation(subject), IsDone: false),
        _ => new ManagedObject("Pending", "", IsDone: false),
    };

    private static ManagedObject OfFlux(KubeObject subject)
    {
        var readiness = FluxStatus.Of(subject, SecretValues.None);
        return readiness.Phase switch
        {
            Phase.Ready => new ManagedObject("Ready", subject.ReadyCondition.Text("message") ?? "", IsDone: true),
            Phase.Terminating => new ManagedObject(Deleting, readiness.Message, IsDone: false),
            _ => new ManagedObject(
                readiness.State is FluxState.Failed or FluxState.TerminationFailed ? "NotReady" : "Pending",
                readiness.Message,
                IsDone: false),
        };
    }
}
