"""Classifier, by scikit-learn's own checks and tools."""

import pickle
import warnings

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_digits, load_iris
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from inkling import Classifier

IRIS = load_iris(return_X_y=True)


def test_scikit_learn_s_checks_pass() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(Classifier(random_state=0), on_fail=None)
    failed = [(r["check_name"], r["exception"]) for r in results if r["status"] not in ("passed", "skipped")]
    assert not failed
    assert sum(r["status"] == "passed" for r in results) > 45


def test_it_works_in_scikit_learn_s_tools() -> None:
    X, y = IRIS
    assert cross_val_score(Classifier(random_state=0), X, y).mean() > 0.9
    search = GridSearchCV(Classifier(random_state=0), {"hidden_layer_sizes": [(8,), (32, 16)]}, cv=3).fit(X, y)
    assert search.best_score_ > 0.9
    pipeline = make_pipeline(StandardScaler(), Classifier(random_state=0)).fit(X, y)
    assert pipeline.score(X, y) > 0.9
    calibrated = CalibratedClassifierCV(Classifier(random_state=0), cv=3).fit(X, y)
    assert calibrated.score(X, y) > 0.9


def test_labels_may_be_anything() -> None:
    X, y = IRIS
    names = np.array(["setosa", "versicolor", "virginica"])
    fitted = Classifier(random_state=0).fit(X, names[y])
    assert fitted.classes_.tolist() == names.tolist()
    assert set(fitted.predict(X)) <= set(names) and fitted.score(X, names[y]) > 0.9
    assert fitted.model_.class_names == tuple(names)


def test_random_state_makes_it_repeatable_and_pickles_agree() -> None:
    X, y = IRIS
    one, two = (Classifier(random_state=7, n_jobs=jobs).fit(X, y) for jobs in (1, -1))
    assert np.array_equal(one.predict_proba(X), two.predict_proba(X))
    other = Classifier(random_state=8).fit(X, y)
    assert not np.array_equal(one.predict_proba(X), other.predict_proba(X))
    assert np.array_equal(pickle.loads(pickle.dumps(one)).predict_proba(X), one.predict_proba(X))


def test_it_says_how_training_went() -> None:
    X, y = load_digits(return_X_y=True)
    fitted = Classifier(random_state=0, epochs=15).fit(X, y)
    assert fitted.n_iter_ == 15 == len(fitted.loss_curve_)
    assert fitted.loss_curve_[-1] < fitted.loss_curve_[0]
    assert fitted.validation_scores_ is not None and max(fitted.validation_scores_) > 0.9
    assert Classifier(random_state=0, epochs=2, validation_fraction=0).fit(X, y).validation_scores_ is None


def test_images_get_a_convolutional_network(digits: "dict[str, np.ndarray]") -> None:
    X, y = digits["images"].reshape(-1, 784), digits["labels"]
    bytes_ = Classifier(random_state=0).fit(X[:2000], y[:2000])
    assert bytes_.model_.name == "swift" and bytes_.score(X[2000:], y[2000:]) > 0.9
    floats = Classifier(random_state=0).fit(X[:2000].astype(float), y[:2000])
    assert floats.score(X[2000:].astype(float), y[2000:]) > 0.9
    assert floats.score(X[2000:], y[2000:]) == floats.score(X[2000:].astype(float), y[2000:])


def test_one_class_is_predicted_always() -> None:
    fitted = Classifier().fit([[0.0], [1.0]], ["a", "a"])
    assert fitted.predict([[5.0]]).tolist() == ["a"] and fitted.predict_proba([[5.0]]).tolist() == [[1.0]]


def test_wrong_parameters_are_refused() -> None:
    X, y = IRIS
    with pytest.raises(ValueError, match="validation_fraction"):
        Classifier(validation_fraction=1.5).fit(X, y)
    with pytest.raises(ValueError, match="epochs"):
        Classifier(epochs=0).fit(X, y)
    with pytest.raises(ValueError, match="256 classes"):
        Classifier().fit(np.arange(300.0)[:, None], np.arange(300))
