using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Tools.Render;

/// <summary>One write, to be shown.</summary>
/// <param name="Ocm">The OCM that it is for.</param>
/// <param name="Cluster">Where, in words.</param>
/// <param name="Action"><c>apply</c> or <c>patch</c>.</param>
/// <param name="Content">The manifest, or what identifies the object together with what is to change in it.</param>
/// <param name="Note">A note for the reader; empty if there is none.</param>
public sealed record RenderedStep(ObjectKey Ocm, string Cluster, string Action, JsonElement Content, string Note);
