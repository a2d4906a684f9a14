using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Sandbox.View;

/// <summary>How an object stands that the provider has written.</summary>
/// <param name="State">In a word.</param>
/// <param name="Message">More about that; may be empty.</param>
/// <param name="IsDone">Whether nothing more is expected of it.</param>
internal sealed record ManagedObject(string State, string Message, bool IsDone)
{
    private const string Deleting = "Deleting";

    /// <summary>Reads an object, by its kind.</summary>
    public static ManagedObject Of(ResourceKind kind, KubeObject subject) => kind switch
    {
        _ when kind == Kinds.OciRepository || kind == Kinds.HelmRelease => OfFlux(subject),
        _ when subject.IsBeingDeleted => new ManagedObject(Deleting, "", IsDone: false),
        _ when kind != Kinds.AccessRequest => new ManagedObject("Present", "", IsDone: true),
        _ when AccessGrant.IsGranted(subject) => new ManagedObject("Granted", "", IsDone: true),
        _ when AccessGrant.IsDenied(subject) => new ManagedObject("Denied", AccessGrant.Explanation(subject), IsDone: false),
        _ => new ManagedObject("Pending", "", IsDone: false),
    };

    private static ManagedObject OfFlux(KubeObject subject)
    {
        var readiness = FluxReadiness.Of(subject);
        return readiness.Phase switch
        {
            Phase.Ready => new ManagedObject("Ready", subject.ReadyCondition.Text("message") ?? "", IsDone: true),
            Phase.Terminating => new ManagedObject(Deleting, readiness.Message, IsDone: false),
            _ => new ManagedObject(readiness.HasFailed ? "NotReady" : "Pending", readiness.Message, IsDone: false),
        };
    }
}
